//! Subscriptions, their pseudonyms and their consents.

use async_trait::async_trait;
use fiador_domain::{audit::AuditEvent, consent::Consent, subscriber::Subscriber};
use fiador_kernel::{ClientId, Digest, Pcr, SectorId, SubscriberId, Timestamp};

use crate::StoreError;

/// A subscription to be added. Same content as the stored one.
pub type NewSubscriber = Subscriber;

/// The operator's subscriptions.
#[async_trait]
pub trait Subscribers: Send + Sync {
    /// By keyed hash of the number ([`crate::Vault::msisdn_index`]).
    async fn find_by_msisdn(&self, index: Digest) -> Result<Option<Subscriber>, StoreError>;

    /// By id.
    async fn lookup(&self, id: &SubscriberId) -> Result<Option<Subscriber>, StoreError>;

    /// Adds a subscription, or replaces the one with the same id. `false` when another
    /// subscription already holds the number: nothing has changed. One that is stored as blocked
    /// is ended in the same commit, as by [`crate::Revocations::end_subscriber`] (T-223).
    async fn add(&self, subscriber: NewSubscriber) -> Result<bool, StoreError>;
}

/// The ends of subscriptions.
#[async_trait]
pub trait Deactivations: Send + Sync {
    /// Removes a subscription and all that hangs on it: tokens, codes on their way, login sessions,
    /// consents, pseudonyms. Whoever gets its number, or its id, begins anew (mobile-connect §4).
    /// `false` when there is none. Durable before it returns, with its line in the audit log.
    async fn deactivate(&self, id: &SubscriberId, audit: AuditEvent) -> Result<bool, StoreError>;
}

/// Pseudonyms: one for each subscription and sector (mobile-connect §4).
#[async_trait]
pub trait Pcrs: Send + Sync {
    /// The pseudonym, if one was ever made. Making one is part of [`crate::Grants::redeem`].
    async fn find(
        &self,
        subscriber: &SubscriberId,
        sector: &SectorId,
    ) -> Result<Option<Pcr>, StoreError>;

    /// Whose pseudonym this is, inside the sector only.
    async fn find_subscriber(
        &self,
        sector: &SectorId,
        pcr: &Pcr,
    ) -> Result<Option<SubscriberId>, StoreError>;
}

/// Consents (T-049). Giving one is part of [`crate::Grants::redeem`].
#[async_trait]
pub trait Consents: Send + Sync {
    /// What this subscriber agreed to share with this client.
    async fn find(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
    ) -> Result<Option<Consent>, StoreError>;

    /// Withdraws it and ends every token of the two. Durable before it returns (T-056).
    async fn withdraw(
        &self,
        subscriber: &SubscriberId,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
