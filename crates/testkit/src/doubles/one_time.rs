//! Signed tokens, each good once.

use std::collections::HashSet;

use async_trait::async_trait;
use fiador_kernel::{ClientId, Digest, Timestamp};
use fiador_ports::{Replay, SignedPurpose, StoreError};
use parking_lot::Mutex;

/// Every `jti` that was ever presented, whatever for; nothing is forgotten.
#[derive(Debug, Default)]
pub struct OneTime(Mutex<HashSet<(ClientId, Digest)>>);

#[async_trait]
impl Replay for OneTime {
    async fn first_use(
        &self,
        _: SignedPurpose,
        client: &ClientId,
        jti: Digest,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        Ok(self.0.lock().insert((client.clone(), jti)))
    }
}
