//! Subscriptions that are locked after wrong answers.

use std::time::Duration;

use async_trait::async_trait;
use fiador_kernel::{SubscriberId, Timestamp};

use crate::StoreError;

/// Says whether too many wrong answers were given for a subscription (T-103). Whoever gives
/// something out in its name without asking the phone looks here before (T-052).
#[async_trait]
pub trait LockOuts: Send + Sync {
    /// How long the subscription stays locked; `None` when it is not, or does not exist.
    async fn locked_for(
        &self,
        subscriber: &SubscriberId,
        now: Timestamp,
    ) -> Result<Option<Duration>, StoreError>;
}
