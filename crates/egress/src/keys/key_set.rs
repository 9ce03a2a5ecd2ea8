//! One key set, parsed once.

use fiador_jose::{
    JwkSet, VerificationKey,
    jwe::{EncryptionKey, KeyManagement},
};
use fiador_ports::KeySetError;

/// Keys that are ready for use. The document may have 64 KiB and 32 keys.
pub(super) struct KeySet {
    verification: Vec<VerificationKey>,
    rsa_oaep_256: Option<EncryptionKey>,
    ecdh_es: Option<EncryptionKey>,
}

impl KeySet {
    /// Reads a document. Keys of other kinds are left out (RFC 7517 §5).
    pub(super) fn parse(document: &[u8]) -> Result<Self, KeySetError> {
        let set = JwkSet::parse(document).map_err(|_| KeySetError::Malformed)?;
        Ok(Self {
            verification: VerificationKey::from_set(&set),
            rsa_oaep_256: EncryptionKey::from_set(&set, KeyManagement::RsaOaep256),
            ecdh_es: EncryptionKey::from_set(&set, KeyManagement::EcdhEs),
        })
    }

    /// Keys for signatures, in the order of the document.
    pub(super) fn verification_keys(&self) -> &[VerificationKey] {
        &self.verification
    }

    /// The first key that `alg` can encrypt to.
    pub(super) fn encryption_key(&self, alg: KeyManagement) -> Option<&EncryptionKey> {
        match alg {
            KeyManagement::RsaOaep256 => self.rsa_oaep_256.as_ref(),
            KeyManagement::EcdhEs => self.ecdh_es.as_ref(),
        }
    }
}
