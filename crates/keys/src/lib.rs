//! The gateway's keys: one root key outside, all others wrapped under it in the database.
//!
//! [`KeyRing`] is what the binary builds and hands out as [`fiador_ports::Sealer`],
//! [`fiador_ports::Signer`] and [`fiador_ports::Vault`]. The life of a key, from publication to its
//! end, is a matter of the times in its row, so nodes that share a database agree without talking:
//!
//! ```text
//!  created_at      activates_at        retires_at         expires_at
//!      │ published      │ active           │ retired            │ expired
//!      │ others load it │ new values use it│ opens old ones only│ opens nothing, row may go
//! ```
//!
//! Decisions:
//! * Keys are parsed when they are loaded. Sealing, opening and signing do cryptography, base64 and
//!   nothing else.
//! * Keys and nonces come from the operating system, never from the `Entropy` port, which a sandbox
//!   may seed.
//! * Numbers encrypted to this gateway have key pairs of their own, one per encoding, which stay good
//!   for half a year after they retire; [`OperatorKeyRing`] joins them with the public keys that other
//!   operators have registered.
//! * Two keys are permanent: the one that hashes numbers for look-up and the one personal data is
//!   sealed under. They are no tokens that expire; losing them is losing the data (T-247).

mod error;
mod key;
mod listing;
mod number_key;
mod operators;
mod patience;
mod policy;
mod random;
mod ring;
mod root_key;
mod roster;
mod rotation;
mod seal_key;
mod sealer;
mod signer;
mod vault;
mod view;

pub use error::KeyRingError;
pub use listing::{KeyInfo, KeyState, describe};
pub use operators::{KeySetRefusal, OperatorKeyRing, RegisterError, check_key_set};
pub use policy::KeyPolicy;
pub use ring::{FirstNumberKeys, KeyRing, KeyRingSettings};
pub use root_key::{ROOT_KEY_BYTES, RootKey, RootKeyError};
pub use sealer::max_content_bytes;
