//! In which order those who may be tried are tried.

use std::cmp::Reverse;

use fiador_kernel::AuthenticatorId;

use super::judge::{Dropped, Judged, Permitted};
use crate::{
    journey::ChainStep,
    routing::{
        Candidate, Reach, Reason,
        policy::{OrderBy, PlannedStep, Terms},
    },
};

/// The steps; whoever does not get into one is dropped, and whoever a rule puts into one gets that
/// rule as reason.
pub(super) fn arrange<'p>(
    candidates: &[Candidate],
    judged: &mut [Judged<'p>],
    terms: &Terms<'p>,
) -> Vec<ChainStep> {
    let mut steps = match terms.chain {
        Some(chain) => planned(chain.value, candidates, judged),
        None => sorted(candidates, judged, terms),
    };
    let patience = terms.patience.map(|said| said.value);
    for step in &mut steps {
        step.patience = step.patience.or(patience);
    }
    // T-104: another try needs permission.
    let permits_fallback = terms.fallback.is_some_and(|said| said.value);
    let tried = if permits_fallback { steps.len() } else { steps.len().min(1) };
    for (candidate, judged) in candidates.iter().zip(&mut *judged) {
        let Ok(permitted) = judged else { continue };
        let step = steps.iter().position(|step| step.authenticators.contains(&candidate.id));
        match (step, terms.chain, terms.prefer) {
            (None, chain, _) => {
                let rule = chain.map(|said| said.rule);
                *judged = Err(Dropped { reason: Reason::NotInChain, rule });
            }
            (Some(step), ..) if step >= tried => {
                let rule = terms.fallback.map(|said| said.rule);
                *judged = Err(Dropped { reason: Reason::NoFallback, rule });
            }
            (Some(_), Some(chain), _) => permitted.rule = Some(chain.rule),
            (Some(_), None, Some(prefer)) if prefer.value.contains(&candidate.id) => {
                permitted.rule = Some(prefer.rule);
            }
            (Some(_), None, _) => {}
        }
    }
    steps.truncate(tried);
    for step in &mut steps {
        let least = among(candidates, judged)
            .filter(|(candidate, _)| step.authenticators.contains(&candidate.id))
            .filter_map(|(candidate, permitted)| Some((candidate.id.clone(), permitted.least?)));
        step.least_levels = least.collect();
    }
    steps
}

/// One after the other: by the request's order of levels, then by the policy's preference, then by
/// its order, then as configured.
fn sorted(candidates: &[Candidate], judged: &[Judged<'_>], terms: &Terms<'_>) -> Vec<ChainStep> {
    let preferred = |id: &AuthenticatorId| {
        let names = terms.prefer.map_or(&[][..], |said| said.value);
        names.iter().position(|name| name == id).unwrap_or(names.len())
    };
    let order_by = terms.order_by.map_or(OrderBy::Configuration, |said| said.value);
    let mut permitted: Vec<_> = among(candidates, judged).collect();
    permitted.sort_by_key(|(candidate, permitted)| {
        let order = match order_by {
            OrderBy::Configuration => (0, Reverse(0)),
            OrderBy::Cost => (candidate.cost, Reverse(0)),
            OrderBy::SuccessRate => (0, Reverse(candidate.success_rate.unwrap_or(u16::MAX))),
        };
        (permitted.preference, preferred(&candidate.id), order)
    });
    permitted.into_iter().map(|(candidate, _)| ChainStep::only(candidate.id.clone())).collect()
}

/// As a rule names them. There is one browser: of those who take it over, each gets a step of its
/// own.
fn planned(
    chain: &[PlannedStep],
    candidates: &[Candidate],
    judged: &[Judged<'_>],
) -> Vec<ChainStep> {
    let mut steps = Vec::new();
    for PlannedStep { authenticators, patience } in chain {
        let named = authenticators.iter().filter_map(|name| {
            among(candidates, judged).find(|(candidate, _)| candidate.id == *name)
        });
        let mut takes_browser = false;
        let (mut together, mut apart) = (Vec::new(), Vec::new());
        for (candidate, _) in named {
            let id = candidate.id.clone();
            match candidate.reach {
                Reach::Browser if takes_browser => apart.push(id),
                reach => {
                    takes_browser |= reach == Reach::Browser;
                    together.push(id);
                }
            }
        }
        let groups = std::iter::once(together).chain(apart.into_iter().map(|id| vec![id]));
        steps.extend(
            groups
                .filter(|group| !group.is_empty())
                .map(|group| ChainStep { patience: *patience, ..ChainStep::together(group) }),
        );
    }
    steps
}

/// Those who may be tried.
fn among<'a, 'p>(
    candidates: &'a [Candidate],
    judged: &'a [Judged<'p>],
) -> impl Iterator<Item = (&'a Candidate, Permitted<'p>)> {
    candidates.iter().zip(judged).filter_map(|(candidate, judged)| {
        judged.as_ref().ok().map(|permitted| (candidate, *permitted))
    })
}
