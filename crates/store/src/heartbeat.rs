//! How a node that only reads learns the time of the others (T-244).

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use crate::Store;

/// So often a node of a cluster looks at the highest time that was seen.
const BEAT: Duration = Duration::from_secs(1);

/// Looks until the store is gone. A look that fails changes nothing: requests notice by themselves
/// that the database is away.
pub(crate) fn start(store: &Arc<Store>) {
    let store: Weak<Store> = Arc::downgrade(store);
    tokio::spawn(async move {
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let Some(store) = store.upgrade() else { return };
            let _ = store.learn_the_time().await;
        }
    });
}
