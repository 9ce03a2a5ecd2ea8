//! What an unknown number is taken for (T-048).

use fiador_domain::routing::{Candidate, Facts, Reach, SubscriberFacts};
use fiador_kernel::{AuthenticatorId, Digest};

use crate::Router;

impl Router {
    /// A subscription as the operator has many. Which one of them follows from the keyed hash of the
    /// number, so that a number looks the same for ever and nobody can work out as what.
    pub(crate) fn ordinary(&self, number: Digest, request: &Facts) -> SubscriberFacts {
        let candidates = self.adaptors.candidates();
        let lists = &self.settings.unknown_numbers;
        let enrolled = match chosen(lists, number, request, &candidates) {
            Some(list) => list.iter().cloned().collect(),
            None => usual(request, &candidates).into_iter().collect(),
        };
        SubscriberFacts { enrolled, ..SubscriberFacts::default() }
    }
}

/// One of the lists that can serve the request. One that cannot would end in a refusal, from which a
/// subscriber with such a list is kept too.
fn chosen<'a>(
    lists: &'a [Vec<AuthenticatorId>],
    number: Digest,
    request: &Facts,
    candidates: &[Candidate],
) -> Option<&'a [AuthenticatorId]> {
    let serves = |list: &&Vec<AuthenticatorId>| {
        candidates.iter().any(|one| list.contains(&one.id) && can_serve(one, request))
    };
    let fit: Vec<_> = lists.iter().filter(serves).collect();
    let hash = u64::from_be_bytes(*number.as_bytes().first_chunk()?);
    let place = hash.checked_rem(fit.len() as u64)?;
    fit.get(usize::try_from(place).ok()?).map(|list| list.as_slice())
}

/// Without a list: the preferred one of those that need nothing but a phone, as most have, and that
/// the door can use.
fn usual(request: &Facts, candidates: &[Candidate]) -> Option<AuthenticatorId> {
    let is_usual =
        |one: &&Candidate| matches!(one.reach, Reach::Phone { .. }) && suits_door(one, request);
    candidates.iter().find(is_usual).map(|one| one.id.clone())
}

fn can_serve(candidate: &Candidate, request: &Facts) -> bool {
    let any_level = request.levels.is_empty() || request.levels_voluntary;
    let reaches = any_level || request.levels.iter().any(|&level| level <= candidate.ceiling);
    reaches && suits_door(candidate, request)
}

fn suits_door(candidate: &Candidate, request: &Facts) -> bool {
    request.request.has_browser || candidate.reach.works_without_browser()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fiador_domain::{
        profile::Profile,
        routing::{RequestFacts, RiskFacts},
    };
    use fiador_kernel::{ClientId, Loa, ScopeSet, Timestamp};

    use super::*;

    fn id(name: &str) -> AuthenticatorId {
        AuthenticatorId::new(name).unwrap()
    }

    fn candidates() -> Vec<Candidate> {
        let phone = |answered_on_phone| Reach::Phone { answered_on_phone };
        vec![
            Candidate::new(id("otp"), Loa::Two, phone(false)),
            Candidate::new(id("url"), Loa::Two, phone(true)),
            Candidate::new(id("pin"), Loa::Three, phone(true)),
        ]
    }

    fn lists() -> Vec<Vec<AuthenticatorId>> {
        vec![vec![id("otp")], vec![id("url")], vec![id("otp"), id("pin")]]
    }

    fn request(level: Loa, has_browser: bool) -> Facts {
        Facts {
            at: Timestamp::default(),
            client: ClientId::new("shop").unwrap(),
            profile: Profile::MobileConnect,
            scopes: ScopeSet::default(),
            levels: vec![level],
            levels_voluntary: false,
            request: RequestFacts { has_browser, ..RequestFacts::default() },
            subscriber: SubscriberFacts::default(),
            risk: RiskFacts::default(),
        }
    }

    /// The lists that a thousand numbers get.
    fn drawn(request: &Facts) -> BTreeSet<Option<Vec<AuthenticatorId>>> {
        let numbers = (0..1000).map(|n| Digest::of(format!("{n}")));
        let (lists, candidates) = (lists(), candidates());
        numbers
            .map(|number| {
                let list = chosen(&lists, number, request, &candidates);
                assert_eq!(list, chosen(&lists, number, request, &candidates));
                list.map(<[_]>::to_vec)
            })
            .collect()
    }

    #[test]
    fn unknown_numbers_look_like_each_kind_of_subscription_t_048() {
        let all: BTreeSet<_> = lists().into_iter().map(Some).collect();
        assert_eq!(drawn(&request(Loa::Two, true)), all);
    }

    #[test]
    fn a_list_that_cannot_serve_the_request_is_nobodys_t_048() {
        let with_pin = BTreeSet::from([Some(vec![id("otp"), id("pin")])]);
        assert_eq!(drawn(&request(Loa::Three, true)), with_pin);
        let on_phone: BTreeSet<_> = lists().into_iter().skip(1).map(Some).collect();
        assert_eq!(drawn(&request(Loa::Two, false)), on_phone);
        assert_eq!(drawn(&request(Loa::Four, true)), BTreeSet::from([None]));
    }

    #[test]
    fn without_lists_it_is_the_first_that_needs_a_phone_alone_and_suits_the_door() {
        assert_eq!(usual(&request(Loa::Two, true), &candidates()), Some(id("otp")));
        assert_eq!(usual(&request(Loa::Two, false), &candidates()), Some(id("url")));
        assert_eq!(chosen(&[], Digest::of("1"), &request(Loa::Two, true), &candidates()), None);
    }
}
