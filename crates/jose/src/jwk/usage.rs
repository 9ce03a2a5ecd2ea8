use super::{JwkError, PublicNumbers};
use crate::Algorithm;
use crate::jwe::KeyManagement;

/// What a key is for, as its members `use`, `key_ops` and `alg` say (RFC 7517 §4.2–§4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUsage {
    /// Signatures; with this algorithm only, if one is named.
    Signature(Option<Algorithm>),
    /// Encryption to the owner; with this key management only, if one is named.
    Encryption(Option<KeyManagement>),
    /// None of the members is there: the owner leaves it open.
    Unstated,
}

/// The three members, of which any may be absent.
pub(super) struct Statements<'a> {
    pub(super) purpose: Option<&'a str>,
    pub(super) operations: Option<&'a [String]>,
    pub(super) alg: Option<&'a str>,
}

/// Operations of a public key that encrypt to its owner (RFC 7517 §4.3).
const ENCRYPTING: [&str; 4] = ["encrypt", "wrapKey", "deriveKey", "deriveBits"];

impl KeyUsage {
    /// Whether signatures of this algorithm may be checked with a key of these numbers.
    pub(super) fn permits_signature(self, numbers: &PublicNumbers, algorithm: Algorithm) -> bool {
        let stated = match self {
            Self::Signature(only) => only.is_none_or(|only| only == algorithm),
            Self::Encryption(_) => false,
            Self::Unstated => true,
        };
        stated && numbers.fit_signature(algorithm)
    }

    /// Whether content may be encrypted in this way to a key of these numbers.
    pub(super) fn permits_encryption(self, numbers: &PublicNumbers, alg: KeyManagement) -> bool {
        let stated = match self {
            Self::Encryption(only) => only.is_none_or(|only| only == alg),
            Self::Signature(_) => false,
            Self::Unstated => true,
        };
        stated && numbers.fit_encryption(alg)
    }
}

impl Statements<'_> {
    /// Takes the three together: what one of them excludes is excluded.
    pub(super) fn usage(&self, numbers: &PublicNumbers) -> Result<KeyUsage, JwkError> {
        let signature = self.alg.and_then(Algorithm::from_name);
        let encryption = self.alg.and_then(KeyManagement::from_name);
        let signs = self.allow("sig", &["verify"])
            && self.alg.is_none_or(|_| signature.is_some_and(|alg| numbers.fit_signature(alg)));
        let encrypts = self.allow("enc", &ENCRYPTING)
            && self.alg.is_none_or(|_| encryption.is_some_and(|alg| numbers.fit_encryption(alg)));
        match (signs, encrypts) {
            (true, true) => Ok(KeyUsage::Unstated),
            (true, false) => Ok(KeyUsage::Signature(signature)),
            (false, true) => Ok(KeyUsage::Encryption(encryption)),
            (false, false) => Err(JwkError::OtherPurpose),
        }
    }

    fn allow(&self, purpose: &str, operations: &[&str]) -> bool {
        self.purpose.is_none_or(|stated| stated == purpose)
            && self
                .operations
                .is_none_or(|stated| stated.iter().any(|one| operations.contains(&one.as_str())))
    }
}

impl PublicNumbers {
    fn fit_signature(&self, algorithm: Algorithm) -> bool {
        match (self, algorithm) {
            (Self::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
            | (Self::P256 { .. }, Algorithm::Es256) => true,
            (Self::Rsa { .. }, Algorithm::Es256)
            | (Self::P256 { .. }, Algorithm::Rs256 | Algorithm::Ps256) => false,
        }
    }

    fn fit_encryption(&self, alg: KeyManagement) -> bool {
        match (self, alg) {
            (Self::Rsa { .. }, KeyManagement::RsaOaep256)
            | (Self::P256 { .. }, KeyManagement::EcdhEs) => true,
            (Self::Rsa { .. }, KeyManagement::EcdhEs)
            | (Self::P256 { .. }, KeyManagement::RsaOaep256) => false,
        }
    }
}
