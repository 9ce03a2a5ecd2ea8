//! Login sessions.

use async_trait::async_trait;
use fiador_domain::{audit::AuditEvent, session::LoginSession};
use fiador_kernel::{Digest, Timestamp};

use crate::StoreError;

/// Login sessions of browsers. Beginning one is part of [`crate::Grants::redeem`].
#[async_trait]
pub trait LoginSessions: Send + Sync {
    /// The session under this hash of a cookie value, if it has not ended or expired at `now` and
    /// its subscriber was not ended since.
    async fn find(&self, id: Digest, now: Timestamp) -> Result<Option<LoginSession>, StoreError>;

    /// Notes that it was used, which postpones its idle end. May be lost in a crash.
    async fn touch(&self, id: Digest, now: Timestamp) -> Result<(), StoreError>;

    /// Ends it and everything that belongs to it: codes on their way, tokens and refresh tokens
    /// ([`crate::Revocations::epochs`]). A session whose code was not redeemed yet ends before it
    /// begins. Durable before it returns; ending it again changes nothing, and only the first end
    /// goes to the audit log (T-056).
    async fn end(&self, id: Digest, audit: AuditEvent) -> Result<(), StoreError>;
}
