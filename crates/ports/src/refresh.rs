//! Families of refresh tokens.

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    refresh::{RefreshContent, RefreshFamily, Rotation},
    token::Epochs,
};
use fiador_kernel::{Digest, Timestamp};

use crate::StoreError;

/// A family that begins with the redemption of a code ([`crate::Redemption`]).
#[derive(Clone, Debug, PartialEq)]
pub struct NewRefreshFamily {
    /// See [`RefreshFamily::id`].
    pub id: Digest,
    /// SHA-256 of its first token.
    pub token: Digest,
    /// What it stands for.
    pub content: RefreshContent,
    /// When it begins.
    pub begun_at: Timestamp,
}

/// One use of the current token of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct RefreshUse {
    /// The family as it was read.
    pub family: RefreshFamily,
    /// The token that takes the place of the current one; `None` when it stays (T-050).
    pub rotation: Option<Rotation>,
    /// When.
    pub now: Timestamp,
    /// What goes to the audit log on success.
    pub audit: AuditEvent,
}

/// How a use ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshUsed {
    /// This caller won; everything is written.
    Fresh {
        /// Counts for the access token.
        epochs: Epochs,
    },
    /// Another use has changed the family since it was read; nothing is written. Read it again.
    Changed,
    /// Subscriber, client, consent, login session or grant was ended, or the family has expired;
    /// nothing is written.
    Ended,
}

/// Refresh tokens: rows of hashes, one row for each family however often it is used (T-054).
///
/// A family ends with its grant: [`crate::Revocations::end_grant`], a second redemption of its code
/// and [`crate::LoginSessions::end`] take its row away in the same commit. Ends of the subscriber,
/// the client and the consent are counts, which every use compares.
#[async_trait]
pub trait RefreshTokens: Send + Sync {
    /// The family, unless it has ended or expired at `now`.
    async fn find_family(
        &self,
        id: Digest,
        now: Timestamp,
    ) -> Result<Option<RefreshFamily>, StoreError>;

    /// Uses the family by one conditional write on the primary database: it must still have the
    /// current token and the generation that were read; of parallel callers that would rotate it
    /// exactly one gets [`RefreshUsed::Fresh`] (T-051, T-240). Its idle life begins anew. Durable
    /// before it returns.
    async fn use_family(&self, used: RefreshUse) -> Result<RefreshUsed, StoreError>;
}
