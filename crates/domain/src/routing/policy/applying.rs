//! The rules that hold, and what they say together.

use std::{sync::Arc, time::Duration};

use fiador_kernel::{AuthenticatorId, Loa};

use super::{
    condition::Levels,
    gate::Gate,
    rule::{OrderBy, PlannedStep, Rule},
};
use crate::routing::Candidate;

/// What holds for the facts, each at some levels.
pub(crate) struct Applying<'p> {
    /// In order.
    pub(super) rules: Vec<(&'p Rule, Levels)>,
    pub(super) gates: Vec<(&'p Gate, Levels)>,
}

/// What a rule said first, and the rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said<'p, T> {
    pub(crate) value: T,
    pub(crate) rule: &'p Arc<str>,
}

/// What the rules say together at one level: of each thing, what the first rule says that speaks of
/// it.
#[derive(Debug, Default)]
pub(crate) struct Terms<'p> {
    /// Whether each candidate is allowed, in their order.
    pub(crate) permissions: Vec<Option<Said<'p, bool>>>,
    pub(crate) prefer: Option<Said<'p, &'p [AuthenticatorId]>>,
    pub(crate) chain: Option<Said<'p, &'p [PlannedStep]>>,
    pub(crate) order_by: Option<Said<'p, OrderBy>>,
    pub(crate) patience: Option<Said<'p, Duration>>,
    pub(crate) fallback: Option<Said<'p, bool>>,
    pub(crate) required_level: Option<Said<'p, Loa>>,
    pub(crate) max_cost: Option<Said<'p, u32>>,
    pub(crate) min_success_rate: Option<Said<'p, u16>>,
}

impl<'p> Applying<'p> {
    /// What the rules say of `candidates` where an answer is reported as `level`.
    pub(crate) fn terms(&self, level: Loa, candidates: &[Candidate]) -> Terms<'p> {
        let mut terms = Terms { permissions: vec![None; candidates.len()], ..Terms::default() };
        for rule in self.heard(level) {
            terms.hear(rule, candidates);
        }
        for &(gate, _) in self.gates.iter().filter(|(_, levels)| levels.contains(level)) {
            for (permission, candidate) in terms.permissions.iter_mut().zip(candidates) {
                let is_permitted = permission.is_none_or(|said| said.value);
                if is_permitted && gate.stops(&candidate.id, self.heard(level)) {
                    *permission = Some(Said { value: false, rule: &gate.rule.name });
                }
            }
        }
        terms
    }

    /// The rules that have a say at a level: none after one that is the last.
    fn heard(&self, level: Loa) -> impl Iterator<Item = &'p Rule> {
        let at_level = self.rules.iter().filter(move |(_, levels)| levels.contains(level));
        let mut is_over = false;
        at_level
            .map(|&(rule, _)| rule)
            .take_while(move |rule| !std::mem::replace(&mut is_over, rule.last))
    }
}

impl<'p> Terms<'p> {
    fn hear(&mut self, rule: &'p Rule, candidates: &[Candidate]) {
        let (then, name) = (&rule.then, &rule.name);
        for (permission, candidate) in self.permissions.iter_mut().zip(candidates) {
            if permission.is_none() {
                note(permission, then.permits(&candidate.id), name);
            }
        }
        note(&mut self.prefer, some(&then.prefer), name);
        note(&mut self.chain, some(&then.chain), name);
        note(&mut self.order_by, then.order_by, name);
        note(&mut self.patience, then.patience, name);
        note(&mut self.fallback, then.fallback, name);
        note(&mut self.required_level, then.required_level, name);
        note(&mut self.max_cost, then.max_cost, name);
        note(&mut self.min_success_rate, then.min_success_rate, name);
    }
}

/// The first who speaks of a thing decides it.
fn note<'p, T>(slot: &mut Option<Said<'p, T>>, value: Option<T>, rule: &'p Arc<str>) {
    if slot.is_none() {
        *slot = value.map(|value| Said { value, rule });
    }
}

fn some<T>(list: &[T]) -> Option<&[T]> {
    (!list.is_empty()).then_some(list)
}
