use async_trait::async_trait;
use fiador_kernel::Timestamp;
use fiador_ports::{KeyStore, StoreError, StoredKey};
use parking_lot::Mutex;

/// A key table in memory. Each call first lets every other task run, so that nodes interleave as
/// they do on a real database.
#[derive(Default)]
pub(crate) struct MemoryStore {
    pub(crate) rows: Mutex<Vec<StoredKey>>,
    pub(crate) down: Mutex<bool>,
    pub(crate) reads: Mutex<u32>,
}

impl MemoryStore {
    async fn answer(&self) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        if *self.down.lock() { Err(StoreError::Unavailable) } else { Ok(()) }
    }
}

#[async_trait]
impl KeyStore for MemoryStore {
    async fn list(&self) -> Result<Vec<StoredKey>, StoreError> {
        self.answer().await?;
        *self.reads.lock() += 1;
        Ok(self.rows.lock().clone())
    }

    async fn add_missing(&self, keys: Vec<StoredKey>) -> Result<(), StoreError> {
        self.answer().await?;
        let mut rows = self.rows.lock();
        for key in keys {
            if rows.iter().all(|row| row.purpose != key.purpose) {
                rows.push(key);
            }
        }
        Ok(())
    }

    async fn add(&self, key: StoredKey) -> Result<(), StoreError> {
        self.answer().await?;
        self.rows.lock().push(key);
        Ok(())
    }

    async fn retire(
        &self,
        id: &str,
        retires_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.answer().await?;
        for row in self.rows.lock().iter_mut().filter(|row| row.id == id) {
            row.retires_at = Some(retires_at);
            row.expires_at = Some(expires_at);
        }
        Ok(())
    }
}
