//! When a rule holds.

use std::{collections::BTreeSet, fmt, time::Duration};

use fiador_kernel::{AuthenticatorId, ClientId, Loa, Timestamp};

use super::calendar::{Hours, LocalTime, Weekdays};
use crate::{
    profile::Profile,
    routing::Candidate,
    routing::facts::{Capability, Facts, Products, PromptValue, Signal, SignalName},
    subscriber::SubscriberStatus,
};

/// Conditions of which all must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(crate) levels: Levels,
    /// In the order of the language, which has the ones that seldom hold first.
    pub(crate) facts: Vec<Condition>,
}

impl Conditions {
    /// The clients that are named, if any are.
    pub(crate) fn clients(&self) -> Option<&BTreeSet<ClientId>> {
        self.facts.iter().find_map(|condition| match condition {
            Condition::Client(clients) => Some(clients),
            _ => None,
        })
    }

    /// The levels at which they hold; `None` when the facts are against it.
    pub(crate) fn levels_in(&self, situation: &Situation<'_>) -> Option<Levels> {
        self.facts.iter().all(|condition| condition.holds(situation)).then_some(self.levels)
    }
}

/// A set of levels of assurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Levels(u8);

impl Default for Levels {
    fn default() -> Self {
        Self::between(Loa::One, Loa::Four)
    }
}

impl Levels {
    pub(crate) const NONE: Self = Self(0);

    /// From `least` to `most`, both included.
    pub(crate) fn between(least: Loa, most: Loa) -> Self {
        Self((least as u8..=most as u8).fold(0, |bits, level| bits | 1 << level))
    }

    /// The lowest of them; the lowest there is where there is none.
    pub(crate) fn least(self) -> Loa {
        let all = [Loa::One, Loa::Two, Loa::Three, Loa::Four];
        all.into_iter().find(|&level| self.contains(level)).unwrap_or(Loa::One)
    }

    pub(crate) const fn contains(self, level: Loa) -> bool {
        self.0 & (1 << level as u8) != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is left without others, if anything is.
    pub(crate) const fn without(self, others: Self) -> Option<Self> {
        let left = Self(self.0 & !others.0);
        if left.is_empty() { None } else { Some(left) }
    }
}

impl fmt::Display for Levels {
    /// `2, 3, 4`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [Loa::One, Loa::Two, Loa::Three, Loa::Four].into_iter();
        for (place, level) in all.filter(|&level| self.contains(level)).enumerate() {
            write!(f, "{}{level}", if place > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// One condition on the facts. A list holds when one of its members does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Client(BTreeSet<ClientId>),
    Profile(Vec<Profile>),
    Product(Products),
    Scope(Vec<String>),
    Country(Vec<String>),
    Status(Vec<SubscriberStatus>),
    Enrolled(Vec<AuthenticatorId>),
    Can(Vec<Capability>),
    Cannot(Vec<Capability>),
    Browser(bool),
    OnHandset(bool),
    Prompt(Vec<PromptValue>),
    SimChangedWithin(Duration),
    DeviceChangedWithin(Duration),
    PortedWithin(Duration),
    CallForwarding(bool),
    Roaming(bool),
    RiskUnavailable(Vec<SignalName>),
    RiskUnknown(Vec<SignalName>),
    Unavailable(Vec<AuthenticatorId>),
    Weekdays(Weekdays),
    Hours(Hours),
    From(Timestamp),
    Until(Timestamp),
}

/// The facts, and what follows from them for every rule alike.
pub(crate) struct Situation<'a> {
    facts: &'a Facts,
    candidates: &'a [Candidate],
    products: Products,
    local: LocalTime,
}

impl<'a> Situation<'a> {
    pub(crate) fn of(facts: &'a Facts, candidates: &'a [Candidate], utc_offset: i16) -> Self {
        let local = LocalTime::of(facts.at, utc_offset);
        Self { facts, candidates, products: facts.products(), local }
    }

    /// A change in the future, as of a clock that goes before ours, is a recent one.
    fn is_recent(&self, change: Signal<Timestamp>, within: Duration) -> bool {
        change.known().is_some_and(|changed| self.facts.at < changed + within)
    }
}

impl Condition {
    fn holds(&self, situation: &Situation<'_>) -> bool {
        let facts = situation.facts;
        let (request, subscriber, risk) = (&facts.request, &facts.subscriber, &facts.risk);
        match self {
            Self::Client(clients) => clients.contains(&facts.client),
            Self::Profile(profiles) => profiles.contains(&facts.profile),
            Self::Product(products) => products.meets(situation.products),
            Self::Scope(scopes) => scopes.iter().any(|scope| facts.scopes.contains(scope)),
            Self::Country(countries) => {
                request.country.as_ref().is_some_and(|country| countries.contains(country))
            }
            Self::Status(statuses) => statuses.contains(&subscriber.status),
            Self::Enrolled(names) => names.iter().any(|name| subscriber.enrolled.contains(name)),
            Self::Can(these) => {
                these.iter().any(|&one| subscriber.capabilities.get(one) == Some(true))
            }
            Self::Cannot(these) => {
                these.iter().any(|&one| subscriber.capabilities.get(one) == Some(false))
            }
            Self::Browser(there) => request.has_browser == *there,
            Self::OnHandset(there) => request.on_handset == *there,
            Self::Prompt(values) => values.iter().any(|value| request.prompt.contains(value)),
            Self::SimChangedWithin(within) => situation.is_recent(risk.sim_change, *within),
            Self::DeviceChangedWithin(within) => situation.is_recent(risk.device_change, *within),
            Self::PortedWithin(within) => situation.is_recent(risk.porting, *within),
            Self::CallForwarding(is) => risk.call_forwarding == Signal::Known(*is),
            Self::Roaming(is) => risk.roaming == Signal::Known(*is),
            Self::RiskUnavailable(names) => names.iter().any(|&name| risk.is_unavailable(name)),
            Self::RiskUnknown(names) => names.iter().any(|&name| risk.is_unknown(name)),
            Self::Unavailable(names) => situation
                .candidates
                .iter()
                .any(|candidate| !candidate.available && names.contains(&candidate.id)),
            Self::Weekdays(days) => days.contains(situation.local.weekday),
            Self::Hours(hours) => situation.local.is_within(*hours),
            Self::From(start) => facts.at >= *start,
            Self::Until(end) => facts.at < *end,
        }
    }
}
