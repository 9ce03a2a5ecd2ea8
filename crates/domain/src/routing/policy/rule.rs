//! One rule.

use std::{sync::Arc, time::Duration};

use fiador_kernel::{AuthenticatorId, Loa};
use serde::Deserialize;

use super::condition::{Conditions, Levels, Situation};

/// Under some conditions, some statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: Arc<str>,
    pub(crate) when: Conditions,
    /// The rule does not hold where these do.
    pub(crate) unless: Option<Conditions>,
    pub(crate) then: Statements,
    /// No rule after this one is looked at where it holds.
    pub(crate) last: bool,
}

impl Rule {
    /// The levels at which it holds; `None` when at none.
    pub(crate) fn levels(&self, situation: &Situation<'_>) -> Option<Levels> {
        let levels = self.when.levels_in(situation)?;
        let not_at = self.unless.as_ref().and_then(|unless| unless.levels_in(situation));
        levels.without(not_at.unwrap_or(Levels::NONE))
    }
}

/// What a rule says; it is silent about whatever is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statements {
    pub(crate) allow: Names,
    pub(crate) deny: Names,
    pub(crate) prefer: Vec<AuthenticatorId>,
    pub(crate) chain: Vec<PlannedStep>,
    pub(crate) order_by: Option<OrderBy>,
    pub(crate) patience: Option<Duration>,
    pub(crate) fallback: Option<bool>,
    pub(crate) required_level: Option<Loa>,
    pub(crate) max_cost: Option<u32>,
    /// In thousandths.
    pub(crate) min_success_rate: Option<u16>,
}

impl Statements {
    /// Whether the authenticator is allowed; `None` if nothing is said about it. What a rule allows
    /// by name it does not deny by `*`.
    pub(crate) fn permits(&self, authenticator: &AuthenticatorId) -> Option<bool> {
        if self.allow.contains(authenticator) {
            Some(true)
        } else if self.deny.contains(authenticator) {
            Some(false)
        } else {
            None
        }
    }
}

/// A set of authenticators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// `*`
    Every,
    /// These.
    These(Vec<AuthenticatorId>),
}

impl Default for Names {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl Names {
    pub(crate) fn contains(&self, authenticator: &AuthenticatorId) -> bool {
        match self {
            Self::Every => true,
            Self::These(names) => names.contains(authenticator),
        }
    }
}

/// A step of a chain that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedStep {
    /// Asked at the same time; never empty.
    pub(crate) authenticators: Vec<AuthenticatorId>,
    /// In place of the patience that rules state for every step.
    pub(crate) patience: Option<Duration>,
}

/// In which order authenticators are tried that nothing else sets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderBy {
    /// As they are configured.
    Configuration,
    /// The cheapest first.
    Cost,
    /// The one that is answered rightly most often first. One that has not been tried often enough
    /// comes before all others, or it never would be.
    SuccessRate,
}
