//! Signed requests are good once.

use async_trait::async_trait;
use fiador_kernel::{ClientId, Digest, Timestamp};

use crate::{SignedPurpose, StoreError};

/// Remembers the `jti` of what clients have signed (T-061).
#[async_trait]
pub trait Replay: Send + Sync {
    /// Records that `client` has presented the token with this `jti` (as SHA-256), by one
    /// conditional write on the primary database (T-240): of all callers on all nodes exactly one
    /// gets `true`. Durable before it returns. The record is kept until `expires_at`, when the
    /// token is no longer accepted anywhere.
    async fn first_use(
        &self,
        purpose: SignedPurpose,
        client: &ClientId,
        jti: Digest,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError>;
}
