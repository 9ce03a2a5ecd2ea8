//! How many requests one client may make, so that one cannot use up what is for all (T-264), and
//! how many numbers may be tried with one login.

use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use fiador_domain::token::ACCESS_TOKEN_LIFETIME;
use fiador_kernel::{ClientId, Clock, GrantId};
use governor::{
    Quota, RateLimiter, clock::Clock as LimiterClock, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};

use crate::refusal::Refusal;

/// After so many requests, clients that have been quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

/// The request limit of each client (a leaky bucket, GCRA): a steady rate and a burst on top.
///
/// It counts in the memory of one node: of a cluster each node allows this much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimit {
    /// Requests each second in the long run. Default 100.
    pub per_second: NonZeroU32,
    /// Requests at once. Default 200.
    pub burst: NonZeroU32,
}

impl Default for RequestLimit {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { per_second: number(100), burst: number(200) }
    }
}

/// So many numbers may be compared with that of one login. Whoever could try more would look for
/// a number instead of checking one.
const GUESSES: NonZeroU32 = NonZeroU32::new(5).unwrap();

/// Counts requests by client, or by grant. Only valid tokens come here, so the map is as large as
/// what was active lately.
pub(crate) struct Limiter<K: Hash + Eq + Clone> {
    buckets: RateLimiter<K, HashMapStateStore<K>, KernelClock, NoOpMiddleware<Nanos>>,
    clock: KernelClock,
    until_sweep: AtomicU32,
}

impl Limiter<ClientId> {
    /// Requests of clients.
    pub(crate) fn of_requests(limit: RequestLimit, clock: Arc<dyn Clock>) -> Self {
        Self::new(Quota::per_second(limit.per_second).allow_burst(limit.burst), clock)
    }
}

impl Limiter<GrantId> {
    /// Numbers compared with one login, whose tokens are dead before another may be tried.
    pub(crate) fn of_guesses(clock: Arc<dyn Clock>) -> Self {
        let quota = Quota::with_period(ACCESS_TOKEN_LIFETIME);
        let quota = quota.unwrap_or(Quota::per_hour(NonZeroU32::MIN));
        Self::new(quota.allow_burst(GUESSES), clock)
    }
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(quota: Quota, clock: Arc<dyn Clock>) -> Self {
        let clock = KernelClock(clock);
        let buckets = RateLimiter::new(quota, HashMapStateStore::default(), clock.clone());
        Self { buckets, clock, until_sweep: AtomicU32::new(0) }
    }

    /// Counts one for `key`.
    pub(crate) fn admit(&self, key: &K) -> Result<(), Refusal> {
        if self.until_sweep.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.buckets.retain_recent();
        }
        self.buckets.check_key(key).map_err(|not_until| Refusal::TooManyRequests {
            retry_after: not_until.wait_time_from(self.clock.now()),
        })
    }
}

/// The gateway's clock in the words of the limiter: nanoseconds since the epoch.
#[derive(Clone)]
struct KernelClock(Arc<dyn Clock>);

impl LimiterClock for KernelClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let micros = u64::try_from(self.0.now().as_micros()).unwrap_or(0);
        Nanos::new(micros.saturating_mul(1_000))
    }
}

/// Whole seconds, rounded up and at least one, for `Retry-After` (RFC 9110 §10.2.3).
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1_000).max(1).try_into().unwrap_or(u64::MAX)
}
