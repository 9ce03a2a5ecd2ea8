use fiador_ports::{KeyPurpose, StoreError};

use crate::RootKeyError;

/// Why keys could not be loaded, made or replaced.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The database did not answer.
    #[error("cannot read or write the keys: {0}")]
    Store(#[from] StoreError),
    /// The root key is missing or is not the one the database was set up with.
    #[error(transparent)]
    Root(#[from] RootKeyError),
    /// The material opens under the root key, but is no key for its purpose.
    #[error("key {id} in the database is damaged; restore its row from a backup")]
    Damaged {
        /// The row.
        id: String,
    },
    /// No key of this purpose is there, although missing ones have just been added.
    #[error(
        "the database holds no usable key for {}; compare this node's clock with the times in \
         `fiador keys list`",
        .0.as_str()
    )]
    Missing(KeyPurpose),
    /// Numbers are found by this key; replacing it would make every subscriber unknown.
    #[error("{} is permanent and cannot be rotated: numbers in the database are found by it", .0.as_str())]
    Permanent(KeyPurpose),
    /// The random generator or a cipher failed; nothing was stored.
    #[error("the cryptographic library could not make a key")]
    Library,
}
