//! Which policy is in force, and what it decided.

use async_trait::async_trait;
use fiador_domain::routing::{Candidate, Decision, Facts};
use fiador_kernel::{JourneyId, Timestamp};

use crate::StoreError;

/// One revision of the routing policy, as an operator wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// Counts the revisions from 1; 0 is the built-in policy, which is not stored.
    pub revision: u64,
    /// TOML or JSON ([`fiador_domain::routing::Policy::read`]), comments and all; at most
    /// [`fiador_domain::routing::TEXT_LIMIT`] bytes.
    pub text: String,
    /// When it came into force.
    pub at: Timestamp,
}

/// A revision without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRevision {
    /// See [`StoredPolicy::revision`].
    pub revision: u64,
    /// See [`StoredPolicy::at`].
    pub at: Timestamp,
}

/// Every revision of the routing policy. Revisions are never changed nor removed.
#[async_trait]
pub trait RoutingPolicies: Send + Sync {
    /// The newest revision; `None` while the built-in policy is in force.
    async fn current(&self) -> Result<Option<StoredPolicy>, StoreError>;

    /// One revision.
    async fn find(&self, revision: u64) -> Result<Option<StoredPolicy>, StoreError>;

    /// Puts `text` in force as the revision after `expected`, if that is still the newest (0 when
    /// there is none): of parallel callers exactly one gets `true`. Durable before it returns.
    async fn put(&self, expected: u64, text: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// The newest revisions, newest first, at most `limit`.
    async fn list(&self, limit: usize) -> Result<Vec<PolicyRevision>, StoreError>;
}

/// One decision with everything that it looked at, so that it can be explained and taken again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingRecord {
    /// Of which journey.
    pub journey: JourneyId,
    /// What was known; `facts.at` is when it was decided.
    pub facts: Facts,
    /// How every authenticator stood.
    pub candidates: Vec<Candidate>,
    /// What was decided.
    pub decision: Decision,
}

/// Past decisions, kept for a while.
#[async_trait]
pub trait RoutingRecords: Send + Sync {
    /// Notes a decision, without waiting for the database: no login waits for it, and a crash may
    /// lose the last ones. When more come than can be written, the rest is counted and dropped. A
    /// second decision of the same journey takes the place of the first.
    fn record(&self, record: RoutingRecord);

    /// The decision of one journey, if it is still kept.
    async fn find(&self, journey: &JourneyId) -> Result<Option<RoutingRecord>, StoreError>;

    /// The newest decisions, newest first, at most `limit`.
    async fn recent(&self, limit: usize) -> Result<Vec<RoutingRecord>, StoreError>;
}

/// The compiled policy that decides now. It is read at every login, so it answers from memory; a
/// revision that another node put in force arrives within seconds.
pub trait RoutingPolicy: Send + Sync {
    /// The policy in force.
    fn in_force(&self) -> std::sync::Arc<fiador_domain::routing::Policy>;
}
