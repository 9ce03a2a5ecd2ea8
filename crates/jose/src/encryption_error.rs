use crate::JwkError;

/// Why a private key for decryption could not be made, read or written.
#[derive(Debug, thiserror::Error)]
pub enum PrivateKeyError {
    /// The bytes are no PKCS#8 private key of the kind that was asked for, or an inconsistent one.
    #[error("not a valid PKCS#8 private key; give an {0} key without passphrase")]
    NotAKey(&'static str),
    /// The key is too weak, too large, or has too long a key id (T-073).
    #[error(transparent)]
    Refused(#[from] JwkError),
    /// The cryptographic library failed; the process should not go on.
    #[error("the cryptographic library could not {0}")]
    Library(&'static str),
}

/// The numbers of a public key cannot be encrypted to: the key is for another purpose or of another
/// type, its point is not on the curve, or modulus and exponent are impossible (T-073).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the key is not for this kind of encryption, or its numbers do not form a valid public key"
)]
pub struct EncryptionKeyError;

/// Why content could not be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncryptError {
    /// The plaintext does not fit: into [`crate::MAX_TOKEN_BYTES`] as a JWE, or under an RSA modulus.
    #[error("the plaintext is too long for this kind of encryption")]
    TooLong,
    /// The cryptographic library failed; the process should not go on.
    #[error("the cryptographic library could not encrypt")]
    Library,
}
