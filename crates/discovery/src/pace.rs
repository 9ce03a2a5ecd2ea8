//! How often an application may ask (T-173).

use std::{collections::HashMap, time::Duration};

use fiador_domain::quota::{Limit, Usage};
use fiador_kernel::{ClientId, Timestamp};
use parking_lot::Mutex;

/// Counts requests by application, in memory of this node. Only registered applications are
/// counted, so the number of entries is bounded by the configuration, and each by the rule of
/// [`Usage`].
pub(crate) struct Pace {
    requests: Limit,
    unknown_numbers: Limit,
    used: Mutex<HashMap<ClientId, Used>>,
}

#[derive(Default)]
struct Used {
    requests: Usage,
    unknown_numbers: Usage,
    alarms: Usage,
}

impl Pace {
    pub(crate) fn new(requests: Limit, unknown_numbers: Limit) -> Self {
        Self { requests, unknown_numbers, used: Mutex::default() }
    }

    /// Counts a request; the error is how long to wait.
    pub(crate) fn admit(&self, application: &ClientId, now: Timestamp) -> Result<(), Duration> {
        let mut used = self.used.lock();
        let used = used.entry(application.clone()).or_default();
        used.requests.admit(&[self.requests], now).map_err(|exhausted| exhausted.retry_after)
    }

    /// Counts a number that belongs to no operator. Many of them are a scan: the alarm is raised
    /// once per window, and the answers stay as they are. `true` when this number raised it.
    pub(crate) fn number_missed(&self, application: &ClientId, now: Timestamp) -> bool {
        let mut used = self.used.lock();
        let used = used.entry(application.clone()).or_default();
        if used.unknown_numbers.admit(&[self.unknown_numbers], now).is_ok() {
            return false;
        }
        let once = Limit { count: 1, window: self.unknown_numbers.window };
        let raised = used.alarms.admit(&[once], now).is_ok();
        if raised {
            metrics::counter!("fiador_discovery_number_scan_alarms_total").increment(1);
            tracing::warn!(
                client_id = %application,
                "an application asks Discovery for many numbers that no operator has; \
                 see whether it is scanning"
            );
        }
        raised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    #[test]
    fn one_application_does_not_use_up_the_pace_of_another_t_173() {
        let pace = Pace::new(Limit::per_seconds(2, 1), Limit::per_seconds(1, 60));
        let (one, two) = (ClientId::new("one").unwrap(), ClientId::new("two").unwrap());
        assert_eq!(pace.admit(&one, START), Ok(()));
        assert_eq!(pace.admit(&one, START), Ok(()));
        assert_eq!(pace.admit(&one, START), Err(Duration::from_secs(1)));
        assert_eq!(pace.admit(&two, START), Ok(()));
        assert_eq!(pace.admit(&one, START + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn a_scan_raises_one_alarm_per_window_t_173() {
        let pace = Pace::new(Limit::per_seconds(2, 1), Limit::per_seconds(3, 60));
        let id = ClientId::new("one").unwrap();
        let raised = |now| pace.number_missed(&id, now);
        assert!(!raised(START) && !raised(START) && !raised(START));
        assert!(raised(START));
        assert!((0..10).all(|_| !raised(START)));
        let later = START + Duration::from_mins(1);
        assert!(!raised(later) && !raised(later) && !raised(later));
        assert!(raised(later));
    }
}
