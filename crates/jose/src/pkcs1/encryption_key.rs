use aws_lc_rs::rsa::Pkcs1PublicEncryptingKey;

use crate::{EncryptError, EncryptionKeyError, PublicNumbers, rsa};

/// A public RSA key to encrypt short values with, parsed once.
#[derive(Debug)]
pub struct EncryptionKey {
    public: Pkcs1PublicEncryptingKey,
}

impl EncryptionKey {
    /// Makes a key of RSA numbers; 2048 to 8192 bits (T-073). A point on a curve is refused.
    pub fn from_numbers(numbers: &PublicNumbers) -> Result<Self, EncryptionKeyError> {
        let numbers = numbers.clone().checked().map_err(|_| EncryptionKeyError)?;
        let PublicNumbers::Rsa { n, e } = numbers else { return Err(EncryptionKeyError) };
        let public = Pkcs1PublicEncryptingKey::new(rsa::public_key(&n, &e)?);
        Ok(Self { public: public.map_err(|_| EncryptionKeyError)? })
    }

    /// The longest plaintext, in bytes: 245 for RSA-2048.
    pub fn max_plaintext_bytes(&self) -> usize {
        self.public.max_plaintext_size()
    }

    /// Encrypts with random padding (RFC 8017 §7.2.1). The ciphertext is as long as the modulus.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        if plaintext.len() > self.max_plaintext_bytes() {
            return Err(EncryptError::TooLong);
        }
        let mut ciphertext = vec![0; self.public.ciphertext_size()];
        self.public.encrypt(plaintext, &mut ciphertext).map_err(|_| EncryptError::Library)?;
        Ok(ciphertext)
    }
}
