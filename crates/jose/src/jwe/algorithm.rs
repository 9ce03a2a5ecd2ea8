use serde::{Deserialize, Serialize};

/// How the content encryption key reaches the reader: the `alg` of RFC 7518 §4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyManagement {
    /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256; RSA keys of 2048 bits or more
    /// (RFC 7518 §4.3).
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// Ephemeral-static Diffie-Hellman on P-256, direct agreement with the Concat KDF
    /// (RFC 7518 §4.6).
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
}

/// How the content itself is encrypted: the `enc` of RFC 7518 §5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ContentEncryption {
    /// AES-256 in GCM with a nonce of 96 and a tag of 128 bits (RFC 7518 §5.3).
    #[serde(rename = "A256GCM")]
    A256Gcm,
    /// AES-256 in CBC with HMAC-SHA-512 cut to 256 bits (RFC 7518 §5.2.5). Read only.
    #[serde(rename = "A256CBC-HS512")]
    A256CbcHs512,
}

impl KeyManagement {
    /// Every key management, the default of OpenID providers first.
    pub const ALL: [Self; 2] = [Self::RsaOaep256, Self::EcdhEs];

    /// The registered name, as it stands in `alg` members.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
        }
    }

    /// The key management with this registered name; names are case-sensitive. `None` for every
    /// other name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

impl ContentEncryption {
    /// Every content encryption that can be read.
    pub const ALL: [Self; 2] = [Self::A256Gcm, Self::A256CbcHs512];

    /// The registered name, as it stands in `enc` members.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A256Gcm => "A256GCM",
            Self::A256CbcHs512 => "A256CBC-HS512",
        }
    }

    /// The content encryption with this registered name; names are case-sensitive. `None` for every
    /// other name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Length of the content encryption key, in bytes.
    pub(super) const fn key_bytes(self) -> usize {
        match self {
            Self::A256Gcm => 32,
            Self::A256CbcHs512 => 64,
        }
    }
}

impl std::fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
