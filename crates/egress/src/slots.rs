//! How many fetches run at once, in total and to one host.

use std::{collections::HashMap, sync::Arc};

use fiador_ports::FetchError;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bounds on what runs at once. Who finds no room waits, and only its own time limit bounds how
/// long.
pub(crate) struct Slots {
    total: Arc<Semaphore>,
    per_host: usize,
    /// Hosts that are asked now.
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to run one fetch.
pub(crate) struct Slot {
    _host: OwnedSemaphorePermit,
    _total: OwnedSemaphorePermit,
}

impl Slots {
    pub(crate) fn new(total: usize, per_host: usize) -> Self {
        Self {
            total: Arc::new(Semaphore::new(total.max(1))),
            per_host: per_host.max(1),
            hosts: Mutex::new(HashMap::new()),
        }
    }

    /// Waits for room, at the host first: whoever queues there takes no room from other hosts.
    pub(crate) async fn take(&self, host: &str) -> Result<Slot, FetchError> {
        // The semaphores are never closed.
        let closed = |_| FetchError::NotAsked;
        let host = self.host(host).acquire_owned().await.map_err(closed)?;
        let total = self.total.clone().acquire_owned().await.map_err(closed)?;
        Ok(Slot { _host: host, _total: total })
    }

    fn host(&self, name: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock();
        // Whoever waits or runs holds a reference, and references are only given out here.
        hosts.retain(|_, running| Arc::strong_count(running) > 1);
        hosts
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(self.per_host)))
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const SHORTLY: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_crowded_host_takes_no_room_from_others() {
        // T-082.
        let slots = Slots::new(3, 2);
        let (first, _second) = (slots.take("a").await.unwrap(), slots.take("a").await.unwrap());
        assert!(timeout(SHORTLY, slots.take("a")).await.is_err());
        let other = slots.take("b").await.unwrap();
        assert!(timeout(SHORTLY, slots.take("c")).await.is_err());
        drop(other);
        drop(first);
        timeout(SHORTLY, slots.take("a")).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn hosts_are_forgotten_when_nobody_asks_them() {
        let slots = Slots::new(8, 2);
        for number in 0..100 {
            drop(slots.take(&number.to_string()).await.unwrap());
        }
        assert!(slots.hosts.lock().len() <= 1);
    }
}
