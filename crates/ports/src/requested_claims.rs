//! What the `claims` parameter asked for one by one, kept beside the login (decision 0017).

use async_trait::async_trait;
use fiador_kernel::{GrantId, Timestamp};

use crate::StoreError;

/// Keeps what is too long for a code: claims asked for one by one and values to compare
/// ([`fiador_domain::individual_claims::IndividualClaims`]), under the grant that codes and tokens
/// carry. Only their flag `requested_claims` says that there is a row, so that logins without cost
/// nothing.
///
/// The values are personal data of people who may not even be subscribers: rows hold them sealed
/// ([`crate::Vault::seal_attributes`]), they are never logged, and the reaper removes them when the
/// first access token of the grant is dead: one that comes of a refresh does not open them.
#[async_trait]
pub trait RequestedClaims: Send + Sync {
    /// Keeps `sealed` for `grant` until `expires_at`: when its first access token is dead.
    /// Durable before it returns; keeping again replaces.
    async fn keep(
        &self,
        grant: &GrantId,
        sealed: Vec<u8>,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// What was kept for `grant`, unless it has expired at `now`.
    async fn find(&self, grant: &GrantId, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;
}
