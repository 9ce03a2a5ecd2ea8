use serde::{Deserialize, Serialize};

/// A signature algorithm of RFC 7518 §3.1 that this crate can make and check.
///
/// The list is closed on purpose (T-070): there is no `none` and no HMAC, so a header that names one
/// of them cannot even be represented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256; RSA keys of 2048 bits or more (RFC 7518 §3.3).
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes; RSA keys of 2048 bits or
    /// more (RFC 7518 §3.5).
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA on P-256 with SHA-256, signature as the 64 bytes R ‖ S (RFC 7518 §3.4).
    #[serde(rename = "ES256")]
    Es256,
}

impl Algorithm {
    /// Every algorithm, in the order of preference of relying parties: RS256 is the default of
    /// OpenID Connect Core §15.1.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Ps256, Self::Es256];

    /// The registered name, as it stands in `alg` members: `RS256`, `PS256` or `ES256`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }

    /// The algorithm with this registered name; names are case-sensitive (RFC 7515 §4.1.1).
    /// `None` for every other name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

impl std::fmt::Display for Algorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
