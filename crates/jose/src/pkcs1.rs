//! RSA encryption of PKCS#1 v1.5 (RFC 8017 §7.2), for one purpose only: numbers that Mobile Connect
//! clients and discovery services encrypt as the hexadecimal `ENCR_MSISDN`.
//!
//! An answer that depends on whether the padding was right lets anyone decrypt with our key
//! (Bleichenbacher 1998), so there is no such answer here: [`DecryptionKey::decrypt`] never fails.
//! Where the padding is wrong it gives a pseudo-plaintext, which is fixed by key and ciphertext and
//! looks like the plaintext of some other ciphertext ("implicit rejection", draft-irtf-cfrg-rsa-guidance
//! §5). The caller takes it for what it is: a number that nobody has.
//!
//! Such a key is used for nothing else, never for RSA-OAEP (T-075).

mod decryption_key;
mod encryption_key;
mod pseudo_plaintext;

pub use decryption_key::DecryptionKey;
pub use encryption_key::EncryptionKey;

/// Bytes that the padding takes at least: 00 02, eight random bytes, 00.
const PADDING_BYTES: usize = 11;
