//! Reports that are there before their prompt: a message centre may be faster than the database.

use std::{collections::HashMap, time::Duration};

use fiador_domain::journey::Delivery;
use fiador_kernel::{Digest, Timestamp};
use parking_lot::Mutex;

use crate::{chain_moves, outcome};

/// A prompt is kept long before this after its message has left.
const KEPT: Duration = Duration::from_secs(10);

/// Reports without a prompt that are kept at the same time.
const MOST: usize = 4096;

/// What was reported of prompts that nobody knew yet, for a few seconds.
#[derive(Default)]
pub(crate) struct EarlyReports {
    kept: Mutex<HashMap<Digest, (Delivery, Timestamp)>>,
}

impl EarlyReports {
    /// Keeps a report whose prompt was not found. Most come late and for nothing.
    pub(crate) fn keep(&self, reference: Digest, delivery: Delivery, now: Timestamp) {
        let mut kept = self.kept.lock();
        if kept.len() >= MOST {
            kept.retain(|_, (_, at)| now < *at + KEPT);
        }
        if kept.len() < MOST {
            let known = kept.entry(reference).or_insert((delivery, now));
            if chain_moves::tells_more(known.0, delivery) {
                known.0 = delivery;
            }
        } else {
            outcome::forgone("report");
        }
    }

    /// Takes out what was reported before.
    pub(crate) fn take(&self, reference: Digest, now: Timestamp) -> Option<Delivery> {
        let (delivery, at) = self.kept.lock().remove(&reference)?;
        (now < at + KEPT).then_some(delivery)
    }
}
