//! How often a subscription has been prompted.

use async_trait::async_trait;
use fiador_domain::prompting::Ledger;
use fiador_kernel::{Digest, Timestamp};

use crate::StoreError;

/// A ledger and the version it was read at; version 0 when there is none yet.
#[derive(Clone, Debug, Default)]
pub struct VersionedLedger {
    /// Counts the replacements.
    pub version: u64,
    /// The ledger.
    pub ledger: Ledger,
}

/// One [`Ledger`] for each number, kept where journeys are kept and lost only with them.
#[async_trait]
pub trait PromptLedgers: Send + Sync {
    /// The ledger of a number, by its keyed hash.
    async fn read(&self, msisdn: Digest, now: Timestamp) -> Result<VersionedLedger, StoreError>;

    /// Replaces it if nobody else has since `version`; kept until `expires_at`. Of parallel callers
    /// exactly one gets `true`.
    async fn replace(
        &self,
        msisdn: Digest,
        version: u64,
        ledger: Ledger,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError>;
}
