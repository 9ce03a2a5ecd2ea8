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
    /// leeway: serving would revive what has expired (T-244).
    #[error(
        "this node's clock is behind the highest time that the database has seen; correct the \
         clock, or, if the database saw a wrong time, stop all nodes and run `fiador clock reset`"
    )]
    ClockBehind,
    /// This node's clock jumped ahead by more than the leeway while the node ran. Were its time
    /// believed, everything would expire and every other node would count as behind (T-244).
    #[error(
        "this node's clock jumped ahead; correct the clock, or restart the node if the new time \
         is right"
    )]
    ClockAhead,
    /// A row cannot be read: written by a newer version, or damaged.
    #[error("a stored value cannot be read; was it written by a newer version?")]
    Corrupt,
}
