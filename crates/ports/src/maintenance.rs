//! Upkeep of the database.

use async_trait::async_trait;
use fiador_kernel::Timestamp;

use crate::StoreError;

/// Rows removed by one run of the reaper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// How many in all tables together.
    pub rows: u64,
    /// Whether the run stopped at its bound and more is waiting.
    pub more: bool,
}

/// The state of the database as `/readyz` reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Reads and writes work.
    Ready,
    /// They do not.
    Down(StoreError),
}

/// Upkeep.
#[async_trait]
pub trait Maintenance: Send + Sync {
    /// Removes what has expired at `now`, in small steps so that logins are not held up.
    async fn reap(&self, now: Timestamp) -> Result<Reaped, StoreError>;

    /// Whether the database can serve; answers within 300 ms (T-243).
    async fn health(&self, now: Timestamp) -> Health;
}
