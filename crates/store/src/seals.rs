//! Rows that nobody reads but the nodes of this cluster, and only for a short while.

use std::sync::Arc;

use fiador_ports::{SealKind, Sealer, StoreError};

/// Seals values as JSON, and opens them again.
#[derive(Clone)]
pub(crate) struct Seals(Arc<dyn Sealer>);

impl Seals {
    pub(crate) const fn new(sealer: Arc<dyn Sealer>) -> Self {
        Self(sealer)
    }

    /// The value as sealed text.
    pub(crate) fn seal<T: serde::Serialize>(&self, value: &T) -> Result<String, StoreError> {
        let content = serde_json::to_vec(value).map_err(|_| StoreError::Corrupt)?;
        self.0.seal(SealKind::Journey, &content).ok_or_else(|| {
            tracing::error!("no key to seal journeys is active; see `fiador keys list`");
            StoreError::Unavailable
        })
    }

    /// The value, or `None` if its key is gone or another version wrote it in a form that this one
    /// does not know. Such a row is over, as one that was lost in a crash: people who were in the
    /// middle of a login while the nodes were changed begin again.
    pub(crate) fn open<T: serde::de::DeserializeOwned>(&self, sealed: &str) -> Option<T> {
        let content = self.0.open(SealKind::Journey, sealed);
        let value = content.and_then(|content| serde_json::from_slice(&content).ok());
        if value.is_none() {
            metrics::counter!("fiador_store_unreadable_rows_total").increment(1);
        }
        value
    }
}
