//! Journeys under way.

use std::time::Duration;

use async_trait::async_trait;
use fiador_domain::journey::Journey;
use fiador_kernel::{Digest, Timestamp};

use crate::StoreError;

/// A journey and the version it was read at.
#[derive(Clone, Debug)]
pub struct Versioned {
    /// Counts the replacements.
    pub version: u64,
    /// The journey.
    pub journey: Journey,
}

/// Why a journey could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JourneyStoreError {
    /// The bound on journeys under way is reached (T-260): 503, try again.
    #[error("too many logins are under way; raise `database.journey_capacity` or add a node")]
    Full,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A journey that was found by the reference of one of its prompts.
#[derive(Clone, Debug)]
pub struct Referred {
    /// SHA-256 of the journey's handle.
    pub handle: Digest,
    /// The journey.
    pub versioned: Versioned,
}

/// Journeys, found by the SHA-256 of their handle. A single node keeps them in bounded memory, a
/// cluster in its database; a crash may lose them (with their one-time codes, never without).
#[async_trait]
pub trait Journeys: Send + Sync {
    /// Keeps a new journey until it expires.
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError>;

    /// Reads it; `None` when unknown or expired at `now`.
    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError>;

    /// Replaces it if nobody else has since `version`: of parallel callers exactly one gets
    /// `true`. `false` also when it is gone.
    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError>;

    /// The journey with a live prompt of this reference ([`Journey::references`], which the store
    /// follows by itself); `None` when there is none, or it is expired at `now`.
    async fn find_by_reference(
        &self,
        reference: Digest,
        now: Timestamp,
    ) -> Result<Option<Referred>, StoreError>;

    /// Returns when the journey is not at `version` any more, or is gone; or after at most
    /// `patience`, whichever is first. A change made on this node is seen at once, one made on another
    /// within a quarter of a second.
    async fn changed(
        &self,
        handle: Digest,
        version: u64,
        patience: Duration,
    ) -> Result<(), StoreError>;

    /// As [`replace`](Self::replace), for what is good once and would be good again if a crash took
    /// the replacement back: no crash brings back what was there before.
    async fn use_up(
        &self,
        handle: Digest,
        version: u64,
        used: Journey,
    ) -> Result<bool, StoreError> {
        // Where a crash forgets every journey, nothing comes back.
        self.replace(handle, version, used).await
    }
}
