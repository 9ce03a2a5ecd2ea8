use std::hint::black_box;

use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use zeroize::Zeroizing;

use super::EncryptionKey;
use super::pseudo_plaintext::PseudoPlaintexts;
use crate::{EncryptionKeyError, PrivateKeyError, PublicNumbers, rsa};

/// A private RSA key that short values were encrypted to, parsed once.
///
/// Private operations are those of aws-lc (constant time, T-076). `Debug` shows nothing of the key.
pub struct DecryptionKey {
    private: PrivateDecryptingKey,
    decrypting: Pkcs1PrivateDecryptingKey,
    pseudo: PseudoPlaintexts,
    numbers: PublicNumbers,
}

impl DecryptionKey {
    /// Makes a new RSA-2048 key (takes around 0.1 s). The randomness is the operating system's
    /// (T-077).
    pub fn generate() -> Result<Self, PrivateKeyError> {
        Self::new(rsa::generate()?)
    }

    /// Reads an unencrypted PKCS#8 DER key (RFC 5208), RSA of 2048 to 8192 bits.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, PrivateKeyError> {
        Self::new(rsa::from_pkcs8_der(der)?)
    }

    /// Writes the key as unencrypted PKCS#8 DER into memory that is wiped after use. The caller
    /// wraps it before it goes anywhere (T-075).
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, PrivateKeyError> {
        rsa::to_pkcs8_der(&self.private)
    }

    /// Modulus and exponent.
    pub fn public_numbers(&self) -> &PublicNumbers {
        &self.numbers
    }

    /// The public half.
    pub fn encryption_key(&self) -> Result<EncryptionKey, EncryptionKeyError> {
        EncryptionKey::from_numbers(&self.numbers)
    }

    /// Decrypts, or gives the pseudo-plaintext of a ciphertext that has no plaintext: one of another
    /// length than the modulus, one not below it, or one whose padding is wrong. Which of the two it
    /// was cannot be told, and the caller must not try: whatever comes out goes one road.
    ///
    /// Both are worked out each time, and one is chosen without a branch. What remains visible is the
    /// note that the library takes of an error: nanoseconds beside a private operation of a
    /// millisecond.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Vec<u8> {
        let modulus_bytes = self.decrypting.key_size_bytes();
        let mut message = vec![0; modulus_bytes];
        let mut pseudo = Zeroizing::new(vec![0; modulus_bytes]);
        // Without a hash there is no plaintext to hide either: an empty one then stands for both.
        let Some(pseudo_length) = self.pseudo.write(ciphertext, &mut pseudo) else {
            return Vec::new();
        };
        let decrypted = self.decrypting.decrypt(ciphertext, &mut message).map(|found| found.len());

        let good = u8::from(decrypted.is_ok());
        let length = choose_length(good, decrypted.unwrap_or_default(), pseudo_length);
        let mask = black_box(good.wrapping_neg());
        for (byte, other) in message.iter_mut().zip(pseudo.iter()) {
            *byte = (*byte & mask) | (other & !mask);
        }
        message.truncate(length);
        message
    }

    fn new(private: PrivateDecryptingKey) -> Result<Self, PrivateKeyError> {
        let failed = PrivateKeyError::Library("prepare a key");
        let numbers = rsa::public_numbers_of(&private)?;
        let pseudo = PseudoPlaintexts::new(&rsa::to_pkcs8_der(&private)?);
        let decrypting = Pkcs1PrivateDecryptingKey::new(private.clone()).ok();
        let (pseudo, decrypting) = pseudo.zip(decrypting).ok_or(failed)?;
        Ok(Self { private, decrypting, pseudo, numbers })
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecryptionKey").finish_non_exhaustive()
    }
}

fn choose_length(good: u8, length: usize, otherwise: usize) -> usize {
    let mask = black_box(usize::from(good).wrapping_neg());
    (length & mask) | (otherwise & !mask)
}
