//! Redemption of codes and the ends of what they gave.

use async_trait::async_trait;
use fiador_domain::{audit::AuditEvent, consent::Consent, session::LoginSession, token::Epochs};
use fiador_kernel::{ClientId, Digest, GrantId, Pcr, SectorId, SubscriberId, Timestamp};

use crate::{NewRefreshFamily, StoreError};

/// Everything that the exchange of a code writes, in one durable commit (decision 0006).
#[derive(Clone, Debug)]
pub struct Redemption {
    /// The code's inner id.
    pub grant: GrantId,
    /// The client that presents it: already authenticated and compared with the code.
    pub client: ClientId,
    /// Whose code it is.
    pub subscriber: SubscriberId,
    /// Sector of the pseudonym.
    pub sector: SectorId,
    /// The pseudonym to store if there is none yet.
    pub pcr_candidate: Pcr,
    /// Counts in the code; a higher count in the database refuses it.
    pub epochs: Epochs,
    /// When the last token of this grant is dead: the spent row outlives it by
    /// [`fiador_domain::token::REMEMBERED_AFTER_EXPIRY`].
    pub tokens_expire_at: Timestamp,
    /// A consent given on the way; its scopes are added to those already given under the same
    /// text version.
    pub consent: Option<Consent>,
    /// The login session that the code belongs to; once it was ended, the code is refused.
    pub session: Option<Digest>,
    /// The same session, if it begins with this code.
    pub begins: Option<LoginSession>,
    /// The family of refresh tokens that begins with this code, if one does.
    pub refresh: Option<NewRefreshFamily>,
    /// What goes to the audit log on success.
    pub audit: AuditEvent,
}

/// How a redemption ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// This caller won; everything is written.
    Fresh {
        /// The pseudonym, old or new: under parallel first logins all see the same (T-067).
        pcr: Pcr,
        /// Counts for the tokens.
        epochs: Epochs,
    },
    /// The code was spent before. Its grant has been ended, durably, before this answer (T-036).
    Spent,
    /// Subscriber, client, login session or grant was ended after the code was made; nothing is
    /// written.
    Ended,
}

/// Codes become tokens once (T-033).
#[async_trait]
pub trait Grants: Send + Sync {
    /// Spends the code by one conditional write on the primary database; of parallel callers on
    /// any nodes exactly one gets [`Redeemed::Fresh`] (T-240). Durable before it returns (T-242).
    async fn redeem(&self, redemption: Redemption) -> Result<Redeemed, StoreError>;
}

/// What has been ended (decision 0001, epochs).
#[async_trait]
pub trait Revocations: Send + Sync {
    /// The counts of the four now, that of the login session being part of
    /// [`Epochs::grant`]. Never from a cache that a revocation elsewhere could miss (T-056, T-241).
    async fn epochs(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        grant: &GrantId,
        session: Option<Digest>,
    ) -> Result<Epochs, StoreError>;

    /// Ends a grant and with it every token made from it, its refresh tokens included. Durable
    /// before it returns (T-057); ending it again changes nothing. `tokens_expire_at`: when the
    /// last access token of it is dead; see [`Redemption`].
    async fn end_grant(
        &self,
        grant: &GrantId,
        tokens_expire_at: Timestamp,
        audit: AuditEvent,
    ) -> Result<(), StoreError>;

    /// Ends everything of a subscriber: tokens, codes on their way, login sessions.
    async fn end_subscriber(
        &self,
        subscriber: &SubscriberId,
        audit: AuditEvent,
    ) -> Result<(), StoreError>;

    /// Ends every token and code of a client.
    async fn end_client(&self, client: &ClientId, audit: AuditEvent) -> Result<(), StoreError>;
}

/// The audit log, for events that are not part of another write.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Appends one event.
    async fn append(&self, event: AuditEvent) -> Result<(), StoreError>;
}
