//! How often somebody may ask (T-173).

use std::{collections::HashMap, hash::Hash, time::Duration};

use fiador_domain::quota::{Limit, Usage};
use fiador_http_kit::NetworkPrefix;
use fiador_kernel::{ClientId, Timestamp};
use parking_lot::Mutex;

/// The network a request comes from.
pub(crate) type Source = NetworkPrefix;

/// Networks that are counted one by one. Those beyond share one count, so that a flood of addresses
/// costs them their budget and nobody any memory (T-260).
const SOURCES: usize = 65_536;

/// What one application, and what one network, may ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Requests of one application.
    pub(crate) requests: Limit,
    /// Requests from one network, whoever it says it is.
    pub(crate) source_requests: Limit,
    /// Numbers without operator, of one application and from one network.
    pub(crate) unknown_numbers: Limit,
}

/// Counts in memory of this node. Applications are registered ones, so their number is bounded by
/// the configuration; each count is bounded by the rule of [`Usage`].
pub(crate) struct Pace {
    limits: Limits,
    applications: Mutex<HashMap<ClientId, Used>>,
    sources: Mutex<Sources>,
}

/// Networks, and under `None` those that came when there were too many.
#[derive(Default)]
struct Sources {
    used: HashMap<Option<Source>, Used>,
    tidied_at: Option<Timestamp>,
}

#[derive(Default)]
struct Used {
    requests: Usage,
    unknown_numbers: Usage,
    alarms: Usage,
}

impl Pace {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, applications: Mutex::default(), sources: Mutex::default() }
    }

    /// Counts a request before anything of it is read; the error is how long to wait.
    pub(crate) fn admit_source(&self, source: Source, now: Timestamp) -> Result<(), Duration> {
        let limit = [self.limits.source_requests];
        let mut sources = self.sources.lock();
        let used = sources.of(source, self.limits, now);
        used.requests.admit(&limit, now).map_err(|exhausted| exhausted.retry_after)
    }

    /// Counts a request of an authenticated application; the error is how long to wait.
    pub(crate) fn admit(&self, application: &ClientId, now: Timestamp) -> Result<(), Duration> {
        let mut used = self.applications.lock();
        let used = of(&mut used, application.clone());
        used.requests.admit(&[self.limits.requests], now).map_err(|exhausted| exhausted.retry_after)
    }

    /// Whether numbers are still looked up for this application and this network.
    pub(crate) fn may_look_up(
        &self,
        application: &ClientId,
        source: Source,
        now: Timestamp,
    ) -> bool {
        let limit = [self.limits.unknown_numbers];
        let left = |used: &Used| used.unknown_numbers.check(&limit, now).is_ok();
        self.applications.lock().get(application).is_none_or(left)
            && left(self.sources.lock().of(source, self.limits, now))
    }

    /// Counts a number that belongs to no operator. Many of them are a scan: the alarm is raised
    /// once per window. `true` when this number raised it.
    pub(crate) fn number_missed(
        &self,
        application: &ClientId,
        source: Source,
        now: Timestamp,
    ) -> bool {
        let limit = [self.limits.unknown_numbers];
        let by_source = {
            let mut sources = self.sources.lock();
            let used = sources.of(source, self.limits, now);
            used.unknown_numbers.record(&limit, now);
            used.unknown_numbers.check(&limit, now).is_err()
        };
        let mut used = self.applications.lock();
        let used = of(&mut used, application.clone());
        used.unknown_numbers.record(&limit, now);
        if !by_source && used.unknown_numbers.check(&limit, now).is_ok() {
            return false;
        }
        let once = Limit { count: 1, window: self.limits.unknown_numbers.window };
        let raised = used.alarms.admit(&[once], now).is_ok();
        if raised {
            metrics::counter!("fiador_discovery_number_scan_alarms_total").increment(1);
            tracing::warn!(
                client_id = %application,
                "an application asked Discovery for many numbers that no operator has, and gets no \
                 more looked up for a while; see whether it is scanning"
            );
        }
        raised
    }
}

fn of<K: Eq + Hash>(used: &mut HashMap<K, Used>, key: K) -> &mut Used {
    used.entry(key).or_default()
}

impl Sources {
    /// The count of a network. When there are too many, those whose time is over go, looked for once
    /// a second at most; if none is, the newcomers are counted together.
    fn of(&mut self, source: Source, limits: Limits, now: Timestamp) -> &mut Used {
        let key = Some(source);
        if self.used.len() < SOURCES || self.used.contains_key(&key) {
            return of(&mut self.used, key);
        }
        let tidied = |at: Timestamp| now < at + Duration::from_secs(1) && at <= now;
        if !self.tidied_at.is_some_and(tidied) {
            self.tidied_at = Some(now);
            let over = |usage: &Usage, limit| usage.forgettable_at(&[limit]) <= now;
            self.used.retain(|_, used| {
                !(over(&used.requests, limits.source_requests)
                    && over(&used.unknown_numbers, limits.unknown_numbers))
            });
        }
        let key = key.filter(|_| self.used.len() < SOURCES);
        of(&mut self.used, key)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use fiador_http_kit::ClientAddress;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    fn pace(requests: u32, source_requests: u32, unknown_numbers: u32) -> Pace {
        Pace::new(Limits {
            requests: Limit::per_seconds(requests, 1),
            source_requests: Limit::per_seconds(source_requests, 1),
            unknown_numbers: Limit::per_seconds(unknown_numbers, 60),
        })
    }

    fn source(n: u32) -> Source {
        ClientAddress::new(IpAddr::V4(Ipv4Addr::from(n << 8))).network_prefix()
    }

    #[test]
    fn one_application_does_not_use_up_the_pace_of_another_t_173() {
        let pace = pace(2, 100, 1);
        let (one, two) = (ClientId::new("one").unwrap(), ClientId::new("two").unwrap());
        assert_eq!(pace.admit(&one, START), Ok(()));
        assert_eq!(pace.admit(&one, START), Ok(()));
        assert_eq!(pace.admit(&one, START), Err(Duration::from_secs(1)));
        assert_eq!(pace.admit(&two, START), Ok(()));
        assert_eq!(pace.admit(&one, START + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn one_network_does_not_use_up_the_pace_of_another_t_173() {
        let pace = pace(100, 2, 1);
        assert!(pace.admit_source(source(1), START).is_ok());
        assert!(pace.admit_source(source(1), START).is_ok());
        assert_eq!(pace.admit_source(source(1), START), Err(Duration::from_secs(1)));
        assert!(pace.admit_source(source(2), START).is_ok());
    }

    #[test]
    fn a_scan_raises_one_alarm_per_window_and_is_told_nothing_more_t_173() {
        let pace = pace(2, 100, 3);
        let id = ClientId::new("one").unwrap();
        let missed = |now| pace.number_missed(&id, source(1), now);
        assert!(pace.may_look_up(&id, source(1), START));
        assert!(!missed(START) && !missed(START));
        assert!(pace.may_look_up(&id, source(1), START));
        assert!(missed(START));
        assert!(!pace.may_look_up(&id, source(2), START), "the application moved house");
        assert!((0..10).all(|_| !missed(START)));
        let later = START + Duration::from_mins(1);
        assert!(pace.may_look_up(&id, source(1), later));
        assert!(!missed(later) && !missed(later));
        assert!(missed(later));
    }

    #[test]
    fn many_applications_of_one_network_share_its_budget_of_unknown_numbers_t_173() {
        let pace = pace(2, 100, 3);
        for id in ["a", "b", "c"] {
            pace.number_missed(&ClientId::new(id).unwrap(), source(1), START);
        }
        let fresh = ClientId::new("d").unwrap();
        assert!(!pace.may_look_up(&fresh, source(1), START));
        assert!(pace.may_look_up(&fresh, source(2), START));
    }

    #[test]
    fn a_flood_of_networks_holds_bounded_memory_t_260() {
        let pace = pace(2, 100, 3);
        for n in 0..u32::try_from(SOURCES).unwrap() + 1_000 {
            let _ = pace.admit_source(source(n), START);
        }
        assert_eq!(pace.sources.lock().used.len(), SOURCES + 1);
        let later = START + Duration::from_hours(1);
        pace.admit_source(source(u32::MAX >> 8), later).unwrap();
        assert_eq!(pace.sources.lock().used.len(), 1);
    }
}
