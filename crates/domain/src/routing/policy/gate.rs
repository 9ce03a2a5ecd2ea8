//! What stands below every policy of an operator's own: whoever has just got a new SIM, or may have,
//! does not prove by it whose number it is (T-105).

use fiador_kernel::AuthenticatorId;

use super::{
    built_in,
    condition::{Condition, Levels, Situation},
    rule::{Names, Rule},
};
use crate::routing::facts::SignalName;

/// A sign about the SIM at which a gate closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It was changed lately.
    Changed,
    /// The source that should say so did not answer.
    Unavailable,
}

impl Sign {
    pub(super) const ALL: [Self; 2] = [Self::Changed, Self::Unavailable];

    fn is_met_by(self, condition: &Condition) -> bool {
        match (self, condition) {
            (Self::Changed, Condition::SimChangedWithin(_)) => true,
            (Self::Unavailable, Condition::RiskUnavailable(names)) => {
                names.contains(&SignalName::SimChange)
            }
            _ => false,
        }
    }

    /// Whether a rule says for every request, at its levels, who may be used after this sign.
    fn is_decided_by(self, rule: &Rule) -> bool {
        let [condition] = &rule.when.facts[..] else { return false };
        let then = &rule.then;
        let says_who = then.allow != Names::default()
            || then.deny != Names::default()
            || then.required_level.is_some()
            || !then.chain.is_empty();
        self.is_met_by(condition) && says_who
    }
}

/// A rule of the built-in policy that the operator has not taken into their own hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate {
    sign: Sign,
    pub(super) rule: Rule,
}

impl Gate {
    /// The gates below these rules: one for each sign, at the levels at which no rule decides on it
    /// for every request. Rules after one that is the last for some requests are not for all.
    pub(super) fn below(rules: &[Rule]) -> Vec<Self> {
        let first_last = rules.iter().position(|rule| rule.last).unwrap_or(rules.len());
        let heard_by_all = rules.get(..=first_last).unwrap_or(rules);
        let gate = |sign: Sign| {
            let mut rule = built_in::gate(sign);
            for decided in heard_by_all.iter().filter(|rule| sign.is_decided_by(rule)) {
                rule.when.levels = rule.when.levels.without(decided.when.levels)?;
            }
            Some(Self { sign, rule })
        };
        Sign::ALL.into_iter().filter_map(gate).collect()
    }

    /// The levels at which it is closed; `None` when at none.
    pub(super) fn levels(&self, situation: &Situation<'_>) -> Option<Levels> {
        self.rule.levels(situation)
    }

    /// Whether it stops an authenticator, whatever `heard` say. Only a rule that speaks of the same
    /// sign lets somebody through: an `allow` about something else was written without it in mind.
    pub(super) fn stops<'p>(
        &self,
        authenticator: &AuthenticatorId,
        mut heard: impl Iterator<Item = &'p Rule>,
    ) -> bool {
        let opens = |rule: &Rule| {
            rule.when.facts.iter().any(|condition| self.sign.is_met_by(condition))
                && rule.then.permits(authenticator) == Some(true)
        };
        self.rule.then.permits(authenticator) == Some(false) && !heard.any(opens)
    }
}
