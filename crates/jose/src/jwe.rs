//! JSON Web Encryption in compact form (RFC 7516 §7.1), the part an identity gateway needs.
//!
//! Keys are agreed on by RSA-OAEP-256 or ECDH-ES on P-256 with direct agreement, content is encrypted
//! with A256GCM. A256CBC-HS512 can be read, not written: older discovery services encrypt numbers
//! with it (Mobile Connect R2, `ENCR_MSISDN`).
//!
//! Decisions:
//! * RSA1_5, PBES2, `dir`, key wrap and compression have no name here (T-072).
//! * The algorithms belong to the key and to the caller; the header can only agree with them (T-070).
//! * Whatever fails after the header has been read is one error, [`DecryptError::Undecryptable`], and
//!   a key that does not unwrap is replaced by a random one before the content is looked at
//!   (RFC 7516 §11.5): nobody learns at which step a forged token failed.

mod algorithm;
mod content;
mod decrypt;
mod decryption_key;
mod ecdh_es;
mod encrypt;
mod encryption_key;
mod header;

pub use algorithm::{ContentEncryption, KeyManagement};
pub use decrypt::{DecryptError, Decrypted, decrypt};
pub use decryption_key::DecryptionKey;
pub use encrypt::{MediaTypes, encrypt};
pub use encryption_key::EncryptionKey;
pub use header::EncryptionHeaderError;
