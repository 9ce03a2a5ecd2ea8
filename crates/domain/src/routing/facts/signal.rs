//! Signs of risk, and how well they are known.

use fiador_kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::risk::RiskSignals;

/// What is known of one sign. A gateway without a source of signs still works, and one whose source
/// is down does not mistake silence for a good sign (T-105).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal<T> {
    /// No source is configured.
    #[default]
    NotAsked,
    /// There is a source, and it did not answer.
    Unavailable,
    /// The source answered that it does not know.
    Unknown,
    /// The source answered.
    Known(T),
}

impl<T: Copy> Signal<T> {
    /// The answer, if there is one.
    pub const fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    const fn standing(&self) -> Signal<()> {
        match self {
            Self::NotAsked => Signal::NotAsked,
            Self::Unavailable => Signal::Unavailable,
            Self::Unknown => Signal::Unknown,
            Self::Known(_) => Signal::Known(()),
        }
    }

    /// The same source about somebody whom it does not know.
    const fn about_nobody(&self) -> Self {
        match self {
            Self::Known(_) | Self::Unknown => Self::Unknown,
            Self::Unavailable => Self::Unavailable,
            Self::NotAsked => Self::NotAsked,
        }
    }

    const fn told(value: Option<T>) -> Self {
        match value {
            Some(value) => Self::Known(value),
            None => Self::Unknown,
        }
    }
}

/// Every sign that rules may look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RiskFacts {
    /// When the number came to its present SIM.
    pub sim_change: Signal<Timestamp>,
    /// When the SIM came to its present handset.
    pub device_change: Signal<Timestamp>,
    /// When the number last went from one operator to another.
    pub porting: Signal<Timestamp>,
    /// Whether all calls are forwarded to another number.
    pub call_forwarding: Signal<bool>,
    /// Whether the SIM is in a foreign network.
    pub roaming: Signal<bool>,
}

/// The name of a sign in policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalName {
    /// See [`RiskFacts::sim_change`].
    SimChange,
    /// See [`RiskFacts::device_change`].
    DeviceChange,
    /// See [`RiskFacts::porting`].
    Porting,
    /// See [`RiskFacts::call_forwarding`].
    CallForwarding,
    /// See [`RiskFacts::roaming`].
    Roaming,
}

impl RiskFacts {
    /// A source was asked and did not answer.
    pub const UNAVAILABLE: Self = Self {
        sim_change: Signal::Unavailable,
        device_change: Signal::Unavailable,
        porting: Signal::Unavailable,
        call_forwarding: Signal::Unavailable,
        roaming: Signal::Unavailable,
    };

    /// A source answered.
    pub fn told(signals: &RiskSignals) -> Self {
        Self {
            sim_change: Signal::told(signals.sim_changed_at),
            device_change: Signal::told(signals.device_changed_at),
            porting: Signal::told(signals.ported_at),
            call_forwarding: Signal::told(signals.is_call_divert_active),
            roaming: Signal::told(signals.is_roaming),
        }
    }

    /// What the same sources would have said of a number that none of them knows (T-048): where one
    /// has not answered, it would not have answered then either.
    #[must_use]
    pub const fn about_nobody(&self) -> Self {
        Self {
            sim_change: self.sim_change.about_nobody(),
            device_change: self.device_change.about_nobody(),
            porting: self.porting.about_nobody(),
            call_forwarding: self.call_forwarding.about_nobody(),
            roaming: self.roaming.about_nobody(),
        }
    }

    /// Whether the source of one sign did not answer.
    pub fn is_unavailable(&self, name: SignalName) -> bool {
        self.standing(name) == Signal::Unavailable
    }

    /// Whether the source of one sign answered and knows of none: it has nothing to tell of this
    /// number, or never had.
    pub fn is_unknown(&self, name: SignalName) -> bool {
        self.standing(name) == Signal::Unknown
    }

    /// How well one sign is known, whatever it says.
    const fn standing(&self, name: SignalName) -> Signal<()> {
        match name {
            SignalName::SimChange => self.sim_change.standing(),
            SignalName::DeviceChange => self.device_change.standing(),
            SignalName::Porting => self.porting.standing(),
            SignalName::CallForwarding => self.call_forwarding.standing(),
            SignalName::Roaming => self.roaming.standing(),
        }
    }
}
