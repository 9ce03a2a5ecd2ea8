//! What was decided, and why.

use std::{fmt, sync::Arc};

use fiador_kernel::{AuthenticatorId, Loa};
use serde::{Deserialize, Serialize};

use crate::journey::ChainStep;

/// The outcome of one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The revision of the policy that decided; 0 is the built-in one.
    pub policy: u64,
    /// What is tried, best first; empty if and only if nothing can be.
    pub steps: Vec<ChainStep>,
    /// The requested level that the first step is meant for; `None` when none was requested, or a
    /// wish could not be met.
    pub level: Option<Loa>,
    /// Why nothing can be used.
    pub unserved: Option<Unserved>,
    /// What became of every candidate, in the order in which they stood.
    pub verdicts: Vec<Verdict>,
}

impl Decision {
    /// The steps, or why there are none.
    pub fn served(&self) -> Result<&[ChainStep], Unserved> {
        match self.unserved {
            Some(unserved) => Err(unserved),
            None => Ok(&self.steps),
        }
    }

    /// Every authenticator that is tried, in order.
    pub fn authenticators(&self) -> impl Iterator<Item = &AuthenticatorId> {
        self.steps.iter().flat_map(|step| &step.authenticators)
    }
}

/// Why nothing can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Unserved {
    /// No authenticator can prove any requested level to this door, or this subscriber has none that
    /// can: an answer for good.
    #[error("no authenticator can reach a requested level of assurance")]
    LevelUnreachable,
    /// One could, but none of those is working.
    #[error("every authenticator that could reach the level is unavailable")]
    Unavailable,
    /// One could, but policy lets none of those be used now.
    #[error("policy permits none of the authenticators that could reach the level")]
    Forbidden,
}

/// What became of one candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which candidate.
    pub authenticator: AuthenticatorId,
    /// Whether it was taken.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The name of the rule that decided; `None` where no rule had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Arc<str>>,
}

/// Whether a candidate was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It is tried in this step, counted from 1.
    Taken {
        /// Which step.
        step: usize,
    },
    /// It is not tried.
    Dropped {
        /// Why.
        reason: Reason,
    },
}

/// Why a candidate is not tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A candidate of the same name stood before it.
    Repeated,
    /// It can prove no requested level (T-100, T-101).
    LevelTooLow,
    /// The door has no browser, and it needs one.
    NeedsBrowser,
    /// The subscription does not list it.
    NotEnrolled,
    /// A rule denies it.
    Denied,
    /// A rule demands a higher level than it can prove.
    BelowRequiredLevel,
    /// A rule allows a lower cost only.
    TooCostly,
    /// A rule demands a better history of success.
    TooOftenFailing,
    /// It does not work at the moment.
    Unavailable,
    /// A rule names the chain, and it is not in it.
    NotInChain,
    /// Others come first, and no rule permits another try after them (T-104).
    NoFallback,
}

impl Reason {
    /// Whether it was the policy's choice.
    pub const fn is_policy(self) -> bool {
        matches!(
            self,
            Self::Denied
                | Self::BelowRequiredLevel
                | Self::TooCostly
                | Self::TooOftenFailing
                | Self::NotInChain
                | Self::NoFallback
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeated => "a candidate of the same name stood before it",
            Self::LevelTooLow => "it cannot prove a requested level",
            Self::NeedsBrowser => "it needs a browser, and none is waiting",
            Self::NotEnrolled => "the subscription does not list it",
            Self::Denied => "denied",
            Self::BelowRequiredLevel => "it cannot prove the level that policy requires",
            Self::TooCostly => "it costs more than policy allows",
            Self::TooOftenFailing => "it succeeds less often than policy demands",
            Self::Unavailable => "it does not work at the moment",
            Self::NotInChain => "it is not in the chain that policy names",
            Self::NoFallback => "no rule permits another try after the first step",
        })
    }
}

impl fmt::Display for Verdict {
    /// `sms_otp: denied (rule "fresh SIM")`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.authenticator)?;
        match self.outcome {
            Outcome::Taken { step } => write!(f, "taken, step {step}")?,
            Outcome::Dropped { reason } => write!(f, "{reason}")?,
        }
        self.rule.as_ref().map_or(Ok(()), |rule| write!(f, " (rule \"{rule}\")"))
    }
}
