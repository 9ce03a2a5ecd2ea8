//! What the operator has ordained, ready to be asked.
//!
//! Rules are read from the top. Every rule whose conditions hold has a say, and of those that speak
//! of the same thing the first one decides it. So the order of the file is the order of importance,
//! and a rule without conditions at its end is the default.

mod applying;
mod built_in;
mod calendar;
mod condition;
mod gate;
mod read;
mod rule;
mod warning;

use std::{collections::HashMap, sync::Arc};

use fiador_kernel::ClientId;

use super::{Candidate, Facts};

pub(super) use applying::{Applying, Terms};
pub use built_in::BUILT_IN;
pub use read::{Known, PolicyError, PolicyProblem, Problem};
pub(super) use rule::{OrderBy, PlannedStep};
pub use warning::PolicyWarning;
use {condition::Situation, gate::Gate, rule::Rule};

/// Longest text of a policy, in bytes.
pub const TEXT_LIMIT: usize = 1 << 20;
/// Most rules of one policy.
pub const RULE_LIMIT: usize = 10_000;

/// A policy: validated, and compiled so that a decision looks at few of its rules.
#[derive(Clone, Debug)]
pub struct Policy {
    revision: u64,
    /// Added to UTC before weekdays and hours are looked at, in minutes.
    utc_offset: i16,
    rules: Vec<Rule>,
    /// What stands below them.
    gates: Vec<Gate>,
    /// The operator has said that nothing does.
    gates_are_off: bool,
    /// Rules that name no client, in order.
    of_any_client: Vec<u32>,
    /// Rules that name a client, in order.
    of_client: HashMap<ClientId, Vec<u32>>,
}

impl Policy {
    /// The revision that it was put in force as; 0 for the built-in policy and for one that was not
    /// put in force.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The same policy as a revision that was put in force.
    #[must_use]
    pub fn as_revision(self, revision: u64) -> Self {
        Self { revision, ..self }
    }

    /// The names of its rules, in order.
    pub fn rule_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.rules.iter().map(|rule| &rule.name)
    }

    fn of_rules(utc_offset: i16, rules: Vec<Rule>) -> Self {
        let mut of_any_client = Vec::new();
        let mut of_client = HashMap::<ClientId, Vec<u32>>::new();
        for (number, rule) in (0..).zip(&rules) {
            match rule.when.clients() {
                None => of_any_client.push(number),
                Some(clients) => {
                    for client in clients {
                        of_client.entry(client.clone()).or_default().push(number);
                    }
                }
            }
        }
        let gates = Gate::below(&rules);
        let gates_are_off = false;
        Self { revision: 0, utc_offset, rules, gates, gates_are_off, of_any_client, of_client }
    }

    /// The same rules with nothing below them.
    fn without_gates(self) -> Self {
        Self { gates: Vec::new(), gates_are_off: true, ..self }
    }

    /// The rules that hold, in order.
    pub(super) fn applying(&self, facts: &Facts, candidates: &[Candidate]) -> Applying<'_> {
        let situation = Situation::of(facts, candidates, self.utc_offset);
        let of_client = self.of_client.get(&facts.client).map_or(&[][..], Vec::as_slice);
        let numbers = merge(&self.of_any_client, of_client);
        let rules = numbers.filter_map(|number| self.rules.get(number as usize));
        let gates = self.gates.iter();
        Applying {
            rules: rules.filter_map(|rule| Some((rule, rule.levels(&situation)?))).collect(),
            gates: gates.filter_map(|gate| Some((gate, gate.levels(&situation)?))).collect(),
        }
    }
}

/// The members of two ascending lists, ascending.
fn merge<'a>(mut one: &'a [u32], mut other: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    std::iter::from_fn(move || {
        let list = match (one.first(), other.first()) {
            (Some(a), Some(b)) if b < a => &mut other,
            (Some(_), _) => &mut one,
            (None, _) => &mut other,
        };
        let (&first, rest) = list.split_first()?;
        *list = rest;
        Some(first)
    })
}
