//! The shape of a policy's text. What values mean is seen to later, where a problem can be named with
//! its place.

use std::collections::BTreeMap;

use fiador_kernel::Loa;
use serde::Deserialize;

use crate::{
    profile::Profile,
    routing::{
        facts::{Capability, Product, PromptValue, SignalName},
        policy::{calendar::Weekday, rule::OrderBy},
    },
    subscriber::SubscriberStatus,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// Of this language: 1.
    pub(super) format: u32,
    /// `+HH:MM` or `-HH:MM`.
    pub(super) utc_offset: Option<String>,
    #[serde(default)]
    pub(super) defaults: DefaultsDocument,
    #[serde(default)]
    pub(super) groups: GroupsDocument,
    #[serde(default)]
    pub(super) rules: Vec<RuleDocument>,
}

/// What holds where no rule says otherwise.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DefaultsDocument {
    pub(super) sim_change: SimChangeDocument,
}

/// What a change of SIM means where no rule says it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SimChangeDocument {
    /// The rules of the built-in policy stand below those of this one.
    #[default]
    Deny,
    /// Nothing.
    Off,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GroupsDocument {
    pub(super) authenticators: BTreeMap<String, Vec<String>>,
    pub(super) clients: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleDocument {
    pub(super) name: String,
    #[serde(default)]
    pub(super) when: ConditionsDocument,
    pub(super) unless: Option<ConditionsDocument>,
    #[serde(default)]
    pub(super) then: StatementsDocument,
    #[serde(default)]
    pub(super) last: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ConditionsDocument {
    pub(super) client: Option<Vec<String>>,
    pub(super) profile: Option<Vec<Profile>>,
    pub(super) product: Option<Vec<Product>>,
    pub(super) scope: Option<Vec<String>>,
    pub(super) level_at_least: Option<Loa>,
    pub(super) level_at_most: Option<Loa>,
    pub(super) country: Option<Vec<String>>,
    pub(super) status: Option<Vec<SubscriberStatus>>,
    pub(super) enrolled: Option<Vec<String>>,
    pub(super) can: Option<Vec<Capability>>,
    pub(super) cannot: Option<Vec<Capability>>,
    pub(super) browser: Option<bool>,
    pub(super) on_handset: Option<bool>,
    pub(super) prompt: Option<Vec<PromptValue>>,
    pub(super) sim_changed_within: Option<String>,
    pub(super) device_changed_within: Option<String>,
    pub(super) ported_within: Option<String>,
    pub(super) call_forwarding: Option<bool>,
    pub(super) roaming: Option<bool>,
    pub(super) risk_unavailable: Option<Vec<SignalName>>,
    pub(super) risk_unknown: Option<Vec<SignalName>>,
    pub(super) unavailable: Option<Vec<String>>,
    pub(super) weekdays: Option<Vec<Weekday>>,
    pub(super) hours: Option<String>,
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StatementsDocument {
    pub(super) allow: Option<Vec<String>>,
    pub(super) deny: Option<Vec<String>>,
    pub(super) prefer: Option<Vec<String>>,
    pub(super) chain: Option<Vec<StepDocument>>,
    pub(super) order_by: Option<OrderBy>,
    pub(super) patience: Option<String>,
    pub(super) fallback: Option<bool>,
    pub(super) required_level: Option<Loa>,
    pub(super) max_cost: Option<u32>,
    pub(super) min_success_rate: Option<u16>,
}

/// A step of a chain.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a name, a list of names, or { ask = [names], patience = \"20s\" }")]
pub(super) enum StepDocument {
    /// One authenticator, or each of a group after the other.
    One(String),
    /// Asked at the same time.
    Together(Vec<String>),
    /// The same with a patience of its own.
    Patient(PatientStep),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientStep {
    pub(super) ask: Vec<String>,
    pub(super) patience: String,
}
