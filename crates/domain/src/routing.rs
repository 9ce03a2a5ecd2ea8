//! Which authenticator answers which request: pure policy.

use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet};

use crate::{
    journey::{Ask, ChainStep, Origin},
    profile::Profile,
};

/// An authenticator as routing sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which adaptor.
    pub id: AuthenticatorId,
    /// The most it can prove; fixed per authenticator, never raised by configuration (T-101).
    pub ceiling: Loa,
    /// Whether it can work at the moment (its message centre answers, …).
    pub available: bool,
    /// How it gets to the person.
    pub reach: Reach,
}

/// How an authenticator gets to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It reaches the phone by the number, whatever waits elsewhere; the answer comes back by itself
    /// or is typed where the person waits.
    Phone {
        /// The answer can be given on the phone alone. Otherwise it is typed into the waiting
        /// browser, and a door without one cannot use it.
        answered_on_phone: bool,
    },
    /// It takes over the waiting browser for a while: a door without one cannot use it.
    Browser,
}

impl Reach {
    /// Whether a door without a browser can use it.
    pub const fn works_without_browser(self) -> bool {
        matches!(self, Self::Phone { answered_on_phone: true })
    }
}

/// What is asked, before it is known of whom.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// Who asks.
    pub client: &'a ClientId,
    /// Its world.
    pub profile: Profile,
    /// What it asks for.
    pub scopes: &'a ScopeSet,
    /// `acr_values` (or the client's default), in order of preference; empty means any level.
    pub levels: &'a [Loa],
    /// The levels are a wish: when none can be reached the strongest authenticator is used
    /// (OpenID Connect Core §3.1.2.1, `acr_values` as a voluntary claim).
    pub voluntary: bool,
    /// Where the request came from.
    pub origin: &'a Origin,
    /// Whether a browser waits for the answer.
    pub has_browser: bool,
}

impl<'a> Need<'a> {
    /// What a journey's door has asked.
    pub fn of(ask: &'a Ask, origin: &'a Origin, has_browser: bool) -> Self {
        Self {
            client: &ask.client,
            profile: ask.profile,
            scopes: &ask.scopes,
            levels: &ask.levels,
            voluntary: ask.levels_voluntary,
            origin,
            has_browser,
        }
    }
}

/// What will be used, first choice first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Steps to try, best first; never empty.
    pub chain: Vec<ChainStep>,
}

impl Route {
    /// Every authenticator of the route, in order.
    pub fn authenticators(&self) -> impl Iterator<Item = &AuthenticatorId> {
        self.chain.iter().flat_map(|step| &step.authenticators)
    }
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
        let usable =
            |c: &&Candidate| c.available && (need.has_browser || c.reach.works_without_browser());
        let chain: Vec<_> = able().filter(usable).map(|c| ChainStep::only(c.id.clone())).collect();
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
        Candidate {
            id: AuthenticatorId::new("sms_otp").unwrap(),
            ceiling: Loa::Two,
            available,
            reach: Reach::Phone { answered_on_phone: false },
        }
    }

    fn ask(levels: &[Loa], voluntary: bool) -> Ask {
        Ask {
            client: ClientId::new("bank").unwrap(),
            client_name: "Bank".to_owned(),
            profile: Profile::MobileConnect,
            scopes: ScopeSet::parse("openid").unwrap(),
            levels: levels.to_vec(),
            levels_voluntary: voluntary,
            context: None,
            binding_message: None,
            consent_anew: false,
            language: fiador_kernel::Language::En,
        }
    }

    fn routed(
        levels: &[Loa],
        voluntary: bool,
        candidates: &[Candidate],
    ) -> Result<Route, Unserved> {
        route(Need::of(&ask(levels, voluntary), &Origin::default(), true), candidates)
    }

    #[test]
    fn a_door_without_a_browser_gets_nobody_who_needs_one() {
        let asked = ask(&[Loa::Two], false);
        let need = Need::of(&asked, &Origin::default(), false);
        assert_eq!(route(need, &[sms(true)]), Err(Unserved::Unavailable));
        let link = Candidate { reach: Reach::Phone { answered_on_phone: true }, ..sms(true) };
        assert!(route(need, &[link]).is_ok());
    }

    #[test]
    fn level_three_is_refused_when_only_sms_is_there_t_100() {
        assert_eq!(routed(&[Loa::Three], false, &[sms(true)]), Err(Unserved::LevelUnreachable));
        assert!(routed(&[Loa::Three, Loa::Two], false, &[sms(true)]).is_ok());
    }

    #[test]
    fn a_voluntary_level_falls_back_to_what_there_is() {
        assert!(routed(&[Loa::Four], true, &[sms(true)]).is_ok());
        assert_eq!(routed(&[Loa::Four], true, &[sms(false)]), Err(Unserved::Unavailable));
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
                reach: Reach::Phone { answered_on_phone: false },
            }).collect();
            if let Ok(route) = routed(&levels, false, &candidates) {
                prop_assert!(!route.chain.is_empty());
                for id in route.authenticators() {
                    let used = candidates.iter().find(|c| &c.id == id).unwrap();
                    prop_assert!(used.available);
                    prop_assert!(levels.iter().any(|&l| used.ceiling >= l));
                }
            }
        }
    }
}
