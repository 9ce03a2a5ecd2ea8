//! A client that asks about many numbers and is told nothing is looking for numbers (T-048, T-173).

use std::collections::HashMap;

use fiador_domain::quota::{Limit, Usage};
use fiador_kernel::{ClientId, Timestamp};
use parking_lot::Mutex;

/// How many answers without data each client has had. In memory of this node; clients are registered
/// ones and only those with a token come here, and each count is bounded by the rule of [`Usage`].
pub(crate) struct ScanGuard {
    limit: Limit,
    clients: Mutex<HashMap<ClientId, Used>>,
}

#[derive(Default)]
struct Used {
    without_data: Usage,
    alarms: Usage,
}

impl ScanGuard {
    pub(crate) fn new(limit: Limit) -> Self {
        Self { limit, clients: Mutex::default() }
    }

    /// Whether numbers are still looked up for this client.
    pub(crate) fn may_look_up(&self, client: &ClientId, now: Timestamp) -> bool {
        let clients = self.clients.lock();
        clients.get(client).is_none_or(|used| used.without_data.check(&[self.limit], now).is_ok())
    }

    /// Counts an answer without data. The one that uses up the budget raises the alarm, once per
    /// window; `true` when this one did.
    pub(crate) fn answered_without_data(&self, client: &ClientId, now: Timestamp) -> bool {
        let mut clients = self.clients.lock();
        let used = clients.entry(client.clone()).or_default();
        used.without_data.record(&[self.limit], now);
        if used.without_data.check(&[self.limit], now).is_ok() {
            return false;
        }
        let once = Limit { count: 1, window: self.limit.window };
        let raised = used.alarms.admit(&[once], now).is_ok();
        if raised {
            metrics::counter!("fiador_access_gateway_number_scan_alarms_total").increment(1);
            tracing::warn!(
                client_id = %client,
                "A client asked for takeover signs of many numbers about which nothing is told, and \
                 gets no more looked up for a while; see whether it is scanning."
            );
        }
        raised
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    #[test]
    fn a_scan_raises_one_alarm_per_window_and_nothing_more_is_looked_up_t_173() {
        let guard = ScanGuard::new(Limit::per_seconds(3, 600));
        let (bank, shop) = (ClientId::new("bank").unwrap(), ClientId::new("shop").unwrap());
        let missed = |now| guard.answered_without_data(&bank, now);
        assert!(!missed(START) && !missed(START));
        assert!(guard.may_look_up(&bank, START));
        assert!(missed(START));
        assert!(!guard.may_look_up(&bank, START));
        assert!(guard.may_look_up(&shop, START), "each client has its own");
        assert!((0..10).all(|_| !missed(START)));
        let later = START + Duration::from_mins(10);
        assert!(guard.may_look_up(&bank, later));
        assert!(!missed(later) && !missed(later));
        assert!(missed(later));
    }
}
