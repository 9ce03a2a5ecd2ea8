//! From facts to a chain.

mod arrange;
mod judge;

use fiador_kernel::Loa;

use super::{
    Candidate, Decision, Facts, Outcome, Policy, Reason, Unserved, Verdict, policy::Terms,
};
use crate::journey::ChainStep;
use judge::{Judged, Permitted};

/// Decides which authenticators are tried, in which order. A pure function: the same policy, facts
/// and candidates give the same decision for ever.
///
/// What no policy can change: an authenticator never counts for more than its ceiling (T-101), one
/// that can prove no requested level is never tried for a request that insists on it (T-100), nor is
/// one that the door or the subscription cannot use. Requested levels are taken in their order of
/// preference; a later one is fallen back to, never one that was not requested.
pub fn decide(policy: &Policy, facts: &Facts, candidates: &[Candidate]) -> Decision {
    let applying = policy.applying(facts, candidates);
    let mut terms = TermsByLevel(Default::default());
    let mut judged: Vec<Judged<'_>> = Vec::with_capacity(candidates.len());
    for (place, candidate) in candidates.iter().enumerate() {
        let level = judge::reported_level(candidate.ceiling, &facts.levels);
        let terms = terms.at(level, || applying.terms(level, candidates));
        judged.push(judge::judge(facts, candidates, place, terms));
    }
    for (place, (candidate, judged)) in candidates.iter().zip(&mut judged).enumerate() {
        if let Ok(permitted) = judged {
            permitted.least = judge::least_level(facts, candidate, |proof| {
                let level = judge::reported_level(proof, &facts.levels);
                let terms = terms.at(level, || applying.terms(level, candidates));
                judge::permitted_by(candidate, proof, terms, place).is_ok()
            });
        }
    }
    judge::drop_the_weak_where_others_reach(facts, &mut judged);

    let permitted = || {
        let all = candidates.iter().zip(&judged);
        all.filter_map(|(candidate, judged)| Some((candidate, judged.as_ref().ok()?.preference)))
    };
    let first_choice = permitted().map(|(_, preference)| preference).min();
    let strongest = permitted().map(|(candidate, _)| candidate.ceiling).max();
    let level = first_choice.and_then(|place| facts.levels.get(place).copied()).or(strongest);
    let level = level.unwrap_or(Loa::One);
    let terms = terms.at(level, || applying.terms(level, candidates));
    let steps = arrange::arrange(candidates, &mut judged, terms);

    Decision {
        policy: policy.revision(),
        level: steps.first().and_then(|step| level_of(step, facts, candidates)),
        unserved: steps.is_empty().then(|| unserved(&judged)),
        verdicts: verdicts(candidates, judged, &steps),
        steps,
    }
}

/// The most wanted level that somebody in the step can prove.
fn level_of(step: &ChainStep, facts: &Facts, candidates: &[Candidate]) -> Option<Loa> {
    let asked = || candidates.iter().filter(|one| step.authenticators.contains(&one.id));
    facts.levels.iter().copied().find(|&level| asked().any(|one| one.ceiling >= level))
}

/// There are four levels at most, and mostly one is looked at: each is worked out when it is needed.
struct TermsByLevel<'p>([Option<Terms<'p>>; 4]);

impl<'p> TermsByLevel<'p> {
    fn at(&mut self, level: Loa, work_out: impl FnOnce() -> Terms<'p>) -> &Terms<'p> {
        let [one, two, three, four] = &mut self.0;
        let slot = match level {
            Loa::One => one,
            Loa::Two => two,
            Loa::Three => three,
            Loa::Four => four,
        };
        slot.get_or_insert_with(work_out)
    }
}

/// What may change by itself comes first, then what the operator may change.
fn unserved(judged: &[Judged<'_>]) -> Unserved {
    let any = |is: fn(Reason) -> bool| {
        judged.iter().any(|judged| judged.as_ref().is_err_and(|dropped| is(dropped.reason)))
    };
    if any(|reason| reason == Reason::Unavailable) {
        Unserved::Unavailable
    } else if any(Reason::is_policy) {
        Unserved::Forbidden
    } else {
        Unserved::LevelUnreachable
    }
}

fn verdicts(
    candidates: &[Candidate],
    judged: Vec<Judged<'_>>,
    steps: &[ChainStep],
) -> Vec<Verdict> {
    let verdict = |(candidate, judged): (&Candidate, Judged<'_>)| {
        let (outcome, rule) = match judged {
            Ok(Permitted { rule, .. }) => {
                let holds = |step: &ChainStep| step.authenticators.contains(&candidate.id);
                let step = steps.iter().position(holds).map_or(0, |place| place + 1);
                (Outcome::Taken { step }, rule)
            }
            Err(dropped) => (Outcome::Dropped { reason: dropped.reason }, dropped.rule),
        };
        Verdict { authenticator: candidate.id.clone(), outcome, rule: rule.cloned() }
    };
    candidates.iter().zip(judged).map(verdict).collect()
}
