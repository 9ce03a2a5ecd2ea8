//! What was measured, and the ratios made of it.

use std::time::Duration;

use super::process::Memory;
use super::service_provider::Kind;

/// One round; every duration is processor time.
pub(super) struct Round {
    /// One login of each kind, in the order of [`Kind::ALL`].
    pub(super) logins: Vec<LoginCost>,
    /// One introspection at the gateway.
    pub(super) introspection: Duration,
    /// The same request at the bare server.
    pub(super) introspection_floor: Duration,
}

/// What a login of one kind costs.
pub(super) struct LoginCost {
    pub(super) kind: Kind,
    /// The gateway's processor time.
    pub(super) gateway: Duration,
    /// One raw signature with its algorithm, measured right before and after the logins.
    pub(super) signature: Duration,
    /// HTTP requests.
    pub(super) requests: f64,
    /// One of these requests at the bare server, on average, when it has no rest: the floor.
    pub(super) floor: Duration,
    /// The same when they come no faster than they came to the gateway: a server that finds one
    /// request at a time wakes up and goes to sleep for each.
    pub(super) floor_at_pace: Duration,
}

/// Starts of the gateway.
pub(super) struct Startup {
    /// Wall time until it was ready, shortest first.
    pub(super) ready_after: Vec<Duration>,
    /// Memory a few seconds after a start.
    pub(super) idle: Option<Memory>,
}

/// All of a run.
pub(super) struct Figures {
    pub(super) rounds: Vec<Round>,
    pub(super) startup: Startup,
    /// Memory right after the last round.
    pub(super) loaded: Memory,
}

/// A value of each round: their mean, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) mean: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Figures {
    /// Something of every round.
    pub(super) fn spread(&self, value: impl Fn(&Round) -> f64) -> Spread {
        Spread::of(self.rounds.iter().map(value))
    }
}

impl LoginCost {
    /// How often one signature and the bare requests fit into the login: 1 cannot be undercut.
    pub(super) fn ratio(&self) -> f64 {
        self.ratio_over(self.floor)
    }

    /// The same over the bare server at the pace of the logins.
    pub(super) fn ratio_at_pace(&self) -> f64 {
        self.ratio_over(self.floor_at_pace)
    }

    fn ratio_over(&self, floor: Duration) -> f64 {
        let bare = self.signature.as_secs_f64() + self.requests * floor.as_secs_f64();
        self.gateway.as_secs_f64() / bare
    }
}

impl Round {
    /// Rate of introspections as a share of the rate of the bare server: 1 cannot be passed.
    pub(super) fn introspection_share(&self) -> f64 {
        self.introspection_floor.as_secs_f64() / self.introspection.as_secs_f64()
    }
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut count, mut sum) = (0.0, 0.0);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values {
            count += 1.0;
            sum += value;
            least = least.min(value);
            most = most.max(value);
        }
        Self { mean: sum / count, least, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_held_against_its_signature_and_its_requests() {
        let micros = Duration::from_micros;
        let login = LoginCost {
            kind: Kind::OidcRs256,
            gateway: micros(1_200),
            signature: micros(500),
            requests: 5.0,
            floor: micros(20),
            floor_at_pace: micros(100),
        };
        assert!((login.ratio() - 2.0).abs() < 1e-9);
        assert!((login.ratio_at_pace() - 1.2).abs() < 1e-9);
    }

    #[test]
    fn introspection_is_a_share_of_the_floor() {
        let micros = Duration::from_micros;
        let (introspection, introspection_floor) = (micros(50), micros(20));
        let round = Round { logins: Vec::new(), introspection, introspection_floor };
        assert!((round.introspection_share() - 0.4).abs() < 1e-9);
    }

    #[test]
    fn a_spread_holds_all_rounds() {
        let spread = Spread::of([1.0, 4.0, 1.0].into_iter());
        assert_eq!(spread, Spread { mean: 2.0, least: 1.0, most: 4.0 });
    }
}
