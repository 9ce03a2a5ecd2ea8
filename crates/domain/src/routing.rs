//! Which authenticators are tried for which request: pure policy.
//!
//! [`decide`] looks at [`Facts`] and [`Candidate`]s and gives a chain, with a reason for everybody who
//! is in it or not. What it may choose is the operator's [`Policy`]; what no policy can change stands
//! with [`decide`].

mod candidate;
mod decide;
mod decision;
mod facts;
mod need;
mod policy;

pub use candidate::{Candidate, Enrolment, Reach};
pub use decide::decide;
pub use decision::{Decision, Outcome, Reason, Unserved, Verdict};
pub use facts::{
    Capabilities, Capability, Facts, Product, Products, PromptValue, RequestFacts, RiskFacts,
    Signal, SignalName, SubscriberFacts,
};
pub use need::{Need, Route};
pub use policy::{
    BUILT_IN, Known, Policy, PolicyError, PolicyProblem, PolicyWarning, Problem, RULE_LIMIT,
    TEXT_LIMIT,
};
