//! What can go wrong between the gateway and its database.

/// A storage operation failed; nothing was acknowledged. The database's own error is logged where
/// it happened and does not travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, is locked, full, or refused the connection. Callers answer
    /// 503 with `Retry-After` (T-243).
    #[error("the database is not available; check its connection, its disk and its log")]
    Unavailable,
    /// This node's clock is behind the highest time the database has seen by more than the
    /// leeway: serving would revive what has expired (design §4, T-244).
    #[error("this node's clock is behind the cluster's; correct the clock, then restart")]
    ClockBehind,
    /// A row cannot be read: written by a newer version, or damaged.
    #[error("a stored value cannot be read; was it written by a newer version?")]
    Corrupt,
}
