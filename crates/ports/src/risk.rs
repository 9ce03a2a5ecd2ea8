//! Signs that a subscription may be in other hands.

use async_trait::async_trait;
use fiador_domain::risk::RiskSignals;
use fiador_kernel::SubscriberId;

use crate::DataError;

/// Where the signs come from.
#[async_trait]
pub trait RiskSource: Send + Sync {
    /// What the operator's network knows now, never from a cache: a SIM may have been changed a
    /// minute ago. A sign that may exist but was not told in time is [`DataError::Unavailable`]: left
    /// out it would look like a good one.
    async fn signals(&self, subscriber: &SubscriberId) -> Result<RiskSignals, DataError>;
}
