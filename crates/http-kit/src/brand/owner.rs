//! Whose brand it is.

use fiador_kernel::{ClientId, Digest};

/// Who a logo belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BrandOwner {
    /// Who vouches.
    Operator,
    /// Who asks.
    Client(ClientId),
}

impl BrandOwner {
    /// A name of `[a-z0-9-]` for files, addresses and classes: a client id may have any visible
    /// character, also `/` and `"`.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Operator => "operator".to_owned(),
            Self::Client(client_id) => {
                let mut digest = Digest::of(client_id.as_str()).to_hex();
                digest.truncate(32);
                format!("client-{digest}")
            }
        }
    }
}

/// Whether a file name is one that [`BrandOwner::key`] gives.
pub(super) fn is_key(name: &str) -> bool {
    name == "operator"
        || name.strip_prefix("client-").is_some_and(|digest| {
            digest.len() == 32 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_client_id_leaves_its_folder_or_its_class(text in "[!-~]{1,255}") {
            let key = BrandOwner::Client(ClientId::new(&text).unwrap()).key();
            prop_assert!(is_key(&key), "{}", key);
        }
    }
}
