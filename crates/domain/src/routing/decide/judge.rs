//! Whether one candidate may be tried at all.

use std::sync::Arc;

use fiador_kernel::Loa;

use crate::routing::{Candidate, Enrolment, Facts, Reason, policy::Terms};

/// What became of a candidate so far.
pub(super) type Judged<'p> = Result<Permitted<'p>, Dropped<'p>>;

/// A candidate that may be tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permitted<'p> {
    /// Which of the requested levels it is wanted for, by place; the number of levels where it
    /// reaches none and none is insisted on.
    pub(super) preference: usize,
    /// The rule that speaks for it.
    pub(super) rule: Option<&'p Arc<str>>,
}

/// A candidate that is not tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropped<'p> {
    pub(super) reason: Reason,
    pub(super) rule: Option<&'p Arc<str>>,
}

impl From<Reason> for Dropped<'_> {
    fn from(reason: Reason) -> Self {
        Self { reason, rule: None }
    }
}

/// The level as which an answer of an authenticator is reported: the highest requested one that it
/// reaches ([`crate::assurance::Evidence::acr`]). Rules about a level are asked about this one: a
/// request that names several must not get a gated authenticator for a lower level and then report
/// the higher one (T-105). Where none is requested it is all that the authenticator can prove.
pub(super) fn reported_level(ceiling: Loa, requested: &[Loa]) -> Loa {
    requested.iter().copied().filter(|&level| level <= ceiling).max().unwrap_or(ceiling)
}

/// Judges the candidate at `place` by itself: first what nobody can change, then what policy says,
/// last what may be over in a minute.
pub(super) fn judge<'p>(
    facts: &Facts,
    candidates: &[Candidate],
    place: usize,
    terms: &Terms<'p>,
) -> Judged<'p> {
    let (before, rest) = candidates.split_at(place);
    let Some(candidate) = rest.first() else { return Err(Reason::Repeated.into()) };
    if before.iter().any(|other| other.id == candidate.id) {
        return Err(Reason::Repeated.into());
    }
    let preference = facts.levels.iter().position(|&level| candidate.ceiling >= level);
    if preference.is_none() && !facts.levels.is_empty() && !facts.levels_voluntary {
        return Err(Reason::LevelTooLow.into());
    }
    if !facts.request.has_browser && !candidate.reach.works_without_browser() {
        return Err(Reason::NeedsBrowser.into());
    }
    let is_listed = || facts.subscriber.enrolled.contains(&candidate.id);
    if candidate.enrolment == Enrolment::Listed && !is_listed() {
        return Err(Reason::NotEnrolled.into());
    }
    let rule = permitted_by(candidate, terms, place)?;
    if candidate.available {
        Ok(Permitted { preference: preference.unwrap_or(facts.levels.len()), rule })
    } else {
        Err(Reason::Unavailable.into())
    }
}

/// The rule that allows the candidate by name, if one does; or the one that forbids it.
fn permitted_by<'p>(
    candidate: &Candidate,
    terms: &Terms<'p>,
    place: usize,
) -> Result<Option<&'p Arc<str>>, Dropped<'p>> {
    let permission = terms.permissions.get(place).copied().flatten();
    let dropped = |reason, rule| Err(Dropped { reason, rule: Some(rule) });
    if let Some(said) = permission.filter(|said| !said.value) {
        return dropped(Reason::Denied, said.rule);
    }
    if let Some(said) = terms.required_level.filter(|said| candidate.ceiling < said.value) {
        return dropped(Reason::BelowRequiredLevel, said.rule);
    }
    if let Some(said) = terms.max_cost.filter(|said| candidate.cost > said.value) {
        return dropped(Reason::TooCostly, said.rule);
    }
    let rate = candidate.success_rate;
    if let Some(said) =
        terms.min_success_rate.filter(|said| rate.is_some_and(|rate| rate < said.value))
    {
        return dropped(Reason::TooOftenFailing, said.rule);
    }
    Ok(permission.map(|said| said.rule))
}

/// A wish for a level is dropped only if nobody who may be tried reaches it (OpenID Connect Core
/// §5.5.1.1): then everybody may.
pub(super) fn drop_the_weak_where_others_reach(facts: &Facts, judged: &mut [Judged<'_>]) {
    let none = facts.levels.len();
    if none == 0 || !judged.iter().flatten().any(|permitted| permitted.preference < none) {
        return;
    }
    for weak in judged.iter_mut().filter(|j| j.as_ref().is_ok_and(|p| p.preference == none)) {
        *weak = Err(Reason::LevelTooLow.into());
    }
}
