//! Sealed values: AEAD text that carries its own content (decision 0001).

/// Kinds of sealed values; each has its own keys, so one kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealKind {
    /// Authorization codes.
    Code,
    /// Access tokens.
    AccessToken,
    /// Journeys at rest in a cluster's database.
    Journey,
}

/// Seals and opens. The issuer, the kind, the format version and the key id are authenticated
/// with the content.
pub trait Sealer: Send + Sync {
    /// Seals `content`; the text is unpadded base64url. `None` when no key of this kind is
    /// active, which only a node with a wrong clock or a damaged key table sees.
    fn seal(&self, kind: SealKind, content: &[u8]) -> Option<String>;

    /// The content, or `None` for anything that this cluster did not seal as this kind: altered,
    /// truncated, another kind, a lost key. The reasons are not told apart.
    fn open(&self, kind: SealKind, sealed: &str) -> Option<Vec<u8>>;
}
