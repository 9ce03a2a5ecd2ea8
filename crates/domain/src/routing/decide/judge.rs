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
    /// The least level that its proof must have, where the rules would forbid a lesser one that the
    /// request takes.
    pub(super) least: Option<Loa>,
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

/// The least level that a proof of a candidate must have, if it must have more than the request asks
/// for. An answer is reported as what was proven, so the rules about that level are asked about it
/// too. `permits` says whether they permit a proof of a level; they do so of the ceiling.
pub(super) fn least_level(
    facts: &Facts,
    candidate: &Candidate,
    mut permits: impl FnMut(Loa) -> bool,
) -> Option<Loa> {
    let mut least = candidate.ceiling;
    for lesser in [Loa::Three, Loa::Two, Loa::One] {
        if lesser >= candidate.ceiling {
            continue;
        }
        let is_taken = facts.levels.is_empty()
            || facts.levels_voluntary
            || facts.levels.iter().any(|&level| level <= lesser);
        if !is_taken {
            return None;
        }
        if !permits(lesser) {
            return Some(least);
        }
        least = lesser;
    }
    None
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
    let rule = permitted_by(candidate, candidate.ceiling, terms, place)?;
    if candidate.available {
        let preference = preference.unwrap_or(facts.levels.len());
        Ok(Permitted { preference, rule, least: None })
    } else {
        Err(Reason::Unavailable.into())
    }
}

/// The rule that allows the candidate by name to prove `level`, if one does; or the one that forbids
/// it.
pub(super) fn permitted_by<'p>(
    candidate: &Candidate,
    level: Loa,
    terms: &Terms<'p>,
    place: usize,
) -> Result<Option<&'p Arc<str>>, Dropped<'p>> {
    let permission = terms.permissions.get(place).copied().flatten();
    let dropped = |reason, rule| Err(Dropped { reason, rule: Some(rule) });
    if let Some(said) = permission.filter(|said| !said.value) {
        return dropped(Reason::Denied, said.rule);
    }
    if let Some(said) = terms.required_level.filter(|said| level < said.value) {
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
