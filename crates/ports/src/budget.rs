//! Durable budgets and failure counts.

use async_trait::async_trait;
use fiador_domain::quota::{Exhausted, Limit};
use fiador_kernel::Timestamp;

use crate::StoreError;

/// One use of one budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spend {
    /// What is counted: a short name, a colon, and a keyed hash or id; never a plain number.
    /// At most 160 characters.
    pub key: String,
    /// The limits that all must allow it.
    pub limits: Vec<Limit>,
}

/// The answer to a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// Every budget had room; each is counted, durably.
    Granted,
    /// One had none; nothing is counted.
    Refused {
        /// Position of the first budget without room.
        index: usize,
        /// When it has room again.
        exhausted: Exhausted,
    },
}

/// Budgets that survive a restart and are shared by all nodes (T-103, T-241, T-246).
#[async_trait]
pub trait Budgets: Send + Sync {
    /// Counts one use of every budget, or of none. Durable before it returns, so that a message
    /// leaves only after its budget is spent.
    async fn reserve(&self, spends: Vec<Spend>, now: Timestamp) -> Result<Reservation, StoreError>;

    /// Counts one use whether or not there is room: a wrong guess has happened. Durable before it
    /// returns.
    async fn record(&self, spend: Spend, now: Timestamp) -> Result<(), StoreError>;

    /// Whether a budget has room, without using it.
    async fn check(&self, spend: &Spend, now: Timestamp) -> Result<Reservation, StoreError>;

    /// Forgets what was counted under `key`: the subscriber has succeeded.
    async fn clear(&self, key: &str) -> Result<(), StoreError>;
}
