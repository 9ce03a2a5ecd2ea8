//! Which authenticator answers which request: pure policy.

use fiador_kernel::{AuthenticatorId, Loa};

/// An authenticator as routing sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which adaptor.
    pub id: AuthenticatorId,
    /// The most it can prove; fixed per authenticator, never raised by configuration (T-101).
    pub ceiling: Loa,
    /// Whether it can work at the moment (its message centre answers, …).
    pub available: bool,
}

/// Levels asked for, in order of preference.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// `acr_values` (or the client's default); empty means any level.
    pub levels: &'a [Loa],
    /// The levels are a wish: when none can be reached the strongest authenticator is used
    /// (OpenID Connect Core §3.1.2.1, `acr_values` as a voluntary claim).
    pub voluntary: bool,
}

/// What will be used, first choice first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Authenticators to try, best first; never empty.
    pub chain: Vec<AuthenticatorId>,
}

/// Why nothing can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unserved {
    /// No authenticator can prove any requested level: an answer for good.
    #[error("no authenticator can reach a requested level of assurance")]
    LevelUnreachable,
    /// One could, but none of those is working.
    #[error("every authenticator that could reach the level is unavailable")]
    Unavailable,
}

/// Chooses. The first requested level that any authenticator can reach decides; candidates keep
/// their order of preference. A level is never lowered below what was asked (T-100).
pub fn route(need: Need<'_>, candidates: &[Candidate]) -> Result<Route, Unserved> {
    let mut reachable = false;
    let levels = need.levels.iter().copied().map(Some);
    let fallback = (need.levels.is_empty() || need.voluntary).then_some(None);
    for level in levels.chain(fallback) {
        let able = || candidates.iter().filter(|c| level.is_none_or(|level| c.ceiling >= level));
        reachable |= able().next().is_some();
        let chain: Vec<_> = able().filter(|c| c.available).map(|c| c.id.clone()).collect();
        if !chain.is_empty() {
            return Ok(Route { chain });
        }
    }
    Err(if reachable { Unserved::Unavailable } else { Unserved::LevelUnreachable })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sms(available: bool) -> Candidate {
        Candidate { id: AuthenticatorId::new("sms_otp").unwrap(), ceiling: Loa::Two, available }
    }

    fn need(levels: &[Loa], voluntary: bool) -> Need<'_> {
        Need { levels, voluntary }
    }

    #[test]
    fn level_three_is_refused_when_only_sms_is_there_t_100() {
        assert_eq!(
            route(need(&[Loa::Three], false), &[sms(true)]),
            Err(Unserved::LevelUnreachable)
        );
        assert!(route(need(&[Loa::Three, Loa::Two], false), &[sms(true)]).is_ok());
    }

    #[test]
    fn a_voluntary_level_falls_back_to_what_there_is() {
        assert!(route(need(&[Loa::Four], true), &[sms(true)]).is_ok());
        assert_eq!(route(need(&[Loa::Four], true), &[sms(false)]), Err(Unserved::Unavailable));
    }

    proptest! {
        #[test]
        fn a_mandatory_level_is_never_answered_by_a_lower_ceiling(
            levels in prop::collection::vec(1_u8..=4, 1..4),
            ceilings in prop::collection::vec((1_u8..=4, any::<bool>()), 0..5),
        ) {
            let levels: Vec<Loa> = levels.into_iter().map(|l| Loa::try_from(l).unwrap()).collect();
            let candidates: Vec<Candidate> = ceilings.iter().enumerate().map(|(i, &(ceiling, available))| Candidate {
                id: AuthenticatorId::new(&format!("a{i}")).unwrap(),
                ceiling: Loa::try_from(ceiling).unwrap(),
                available,
            }).collect();
            if let Ok(route) = route(need(&levels, false), &candidates) {
                prop_assert!(!route.chain.is_empty());
                for id in &route.chain {
                    let used = candidates.iter().find(|c| &c.id == id).unwrap();
                    prop_assert!(used.available);
                    prop_assert!(levels.iter().any(|&l| used.ceiling >= l));
                }
            }
        }
    }
}
