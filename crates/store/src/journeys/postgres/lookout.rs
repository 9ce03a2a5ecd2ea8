//! How those who wait on this node hear of what other nodes changed.
//!
//! While somebody waits, one task asks for the versions of all journeys that are waited for, with one
//! statement for a thousand of them. Rejected: `LISTEN`, which distributed databases that speak
//! PostgreSQL's language do not have, and which costs a connection and a lock over all commits that
//! notify.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
    time::Duration,
};

use fiador_kernel::Digest;
use fiador_ports::StoreError;
use parking_lot::Mutex;

use super::super::watchers::{Seen, Watchers};
use crate::{pool::Pool, query::query, sql::statements};

statements! {
    const VERSION = "SELECT version FROM journeys WHERE handle = $1";
    many VERSIONS = "SELECT handle, version FROM journeys WHERE handle IN (", 1, ")";
}

/// With the time that the answer takes, within a quarter of a second.
const PAUSE: Duration = Duration::from_millis(200);

/// Those who wait on this node, and the task that looks out for them.
pub(super) struct Lookout {
    pool: Arc<Pool>,
    pub(super) watchers: Watchers,
    is_looking: Mutex<bool>,
}

impl Lookout {
    pub(super) fn new(pool: Arc<Pool>) -> Arc<Self> {
        Arc::new(Self { pool, watchers: Watchers::default(), is_looking: Mutex::new(false) })
    }

    /// Waits until the journey is not as it was seen, or is gone, at most so long.
    pub(super) async fn changed(
        self: &Arc<Self>,
        seen: Seen,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let watcher = self.watchers.watch(seen);
        let (handle, version) = seen;
        let now: Option<(i64,)> =
            self.pool.optional(&query(VERSION).bind(handle.as_bytes().as_slice())).await?;
        if now.is_some_and(|(now,)| now.unsigned_abs() == version) {
            self.look_out();
            watcher.wait(patience).await;
        }
        Ok(())
    }

    /// Begins to look, unless somebody does. The task ends when nobody waits any more.
    fn look_out(self: &Arc<Self>) {
        if std::mem::replace(&mut *self.is_looking.lock(), true) {
            return;
        }
        let lookout = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(PAUSE).await;
                let Some(lookout) = lookout.upgrade() else { return };
                if lookout.is_done() {
                    return;
                }
                lookout.look().await;
            }
        });
    }

    /// Whoever came in between has seen that somebody looks, so it is decided under the lock.
    fn is_done(&self) -> bool {
        let mut is_looking = self.is_looking.lock();
        *is_looking = !self.watchers.is_empty();
        !*is_looking
    }

    /// Wakes those whose journeys changed. A look that fails changes nothing: the next one comes.
    async fn look(&self) {
        let watched = self.watchers.watched();
        if let Ok(now) = self.versions(&watched).await {
            for seen in watched.into_iter().filter(|seen| !now.contains(seen)) {
                self.watchers.announce(seen);
            }
        }
    }

    /// What is there of the journeys that are waited for.
    async fn versions(&self, watched: &[Seen]) -> Result<HashSet<Seen>, StoreError> {
        let handles: BTreeSet<[u8; 32]> =
            watched.iter().map(|(handle, _)| *handle.as_bytes()).collect();
        let handles: Vec<[u8; 32]> = handles.into_iter().collect();
        let mut versions = HashSet::with_capacity(watched.len());
        for (text, piece) in VERSIONS.filled(&handles) {
            let look = piece.fold(query(text), |query, handle| query.bind(handle.as_slice()));
            let rows: Vec<(Vec<u8>, i64)> = self.pool.all(&look).await?;
            for (handle, version) in rows {
                let handle: [u8; 32] = handle.try_into().map_err(|_| StoreError::Corrupt)?;
                versions.insert((Digest::from_bytes(handle), version.unsigned_abs()));
            }
        }
        Ok(versions)
    }
}
