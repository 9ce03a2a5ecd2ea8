use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use zeroize::Zeroizing;

use super::PADDING_BYTES;

/// Makes plaintexts for ciphertexts that have none.
///
/// They are fixed by private key and ciphertext, on every node and after every restart: whoever asks
/// twice sees the same, as with a real plaintext. Who does not hold the private key cannot tell them
/// from the content of a ciphertext he did not make.
pub(super) struct PseudoPlaintexts {
    salt: Salt,
}

/// So many bytes are wanted from the expansion.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl PseudoPlaintexts {
    /// Derives the secret from the private key, as DER.
    pub(super) fn new(private_key_der: &[u8]) -> Option<Self> {
        let prk = Salt::new(HKDF_SHA256, b"pkcs1 implicit rejection").extract(private_key_der);
        Some(Self { salt: Salt::new(HKDF_SHA256, &expand(&prk, b"secret", 32)?) })
    }

    /// Writes the pseudo-plaintext of `ciphertext` to the front of `message`, which is as long as the
    /// modulus, and gives its length: any that fits under the padding is as likely as any other.
    pub(super) fn write(&self, ciphertext: &[u8], message: &mut [u8]) -> Option<usize> {
        let prk = self.salt.extract(ciphertext);
        let bytes = expand(&prk, b"message", message.len())?;
        message.copy_from_slice(&bytes);

        let draw: [u8; 8] = expand(&prk, b"length", 8)?.as_slice().try_into().ok()?;
        let lengths = message.len().checked_sub(PADDING_BYTES)? + 1;
        // A 64-bit draw makes the lengths uneven by less than 2⁻⁵⁰.
        let length = u64::from_be_bytes(draw).checked_rem(u64::try_from(lengths).ok()?)?;
        usize::try_from(length).ok()
    }
}

/// HKDF-Expand (RFC 5869 §2.3).
fn expand(prk: &Prk, purpose: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    prk.expand(&[purpose], Bytes(length)).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}
