//! What a single node keeps in memory, and the reaper sweeps.

use std::sync::{Arc, Weak};

use fiador_kernel::Timestamp;
use parking_lot::Mutex;

/// Something in memory that expires.
pub(crate) trait Sweep: Send + Sync {
    /// Takes out what has expired at `now`.
    fn sweep(&self, now: Timestamp);
}

/// All that is swept, as long as somebody uses it.
#[derive(Default)]
pub(crate) struct Swept(Mutex<Vec<Weak<dyn Sweep>>>);

impl Swept {
    /// Sweeps this one too from now on.
    pub(crate) fn add<T: Sweep + 'static>(&self, kept: &Arc<T>) {
        let kept: Weak<T> = Arc::downgrade(kept);
        self.0.lock().push(kept);
    }

    /// Sweeps everything.
    pub(crate) fn sweep(&self, now: Timestamp) {
        self.0.lock().retain(|kept| {
            kept.upgrade().is_some_and(|kept| {
                kept.sweep(now);
                true
            })
        });
    }
}
