//! What can be chosen.

use fiador_kernel::{AuthenticatorId, Loa};
use serde::{Deserialize, Serialize};

/// An authenticator as routing sees it at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which adaptor.
    pub id: AuthenticatorId,
    /// The most it can prove; fixed per authenticator, never raised by configuration (T-101).
    pub ceiling: Loa,
    /// Whether it can work at the moment (its message centre answers, …).
    pub available: bool,
    /// How it gets to the person.
    pub reach: Reach,
    /// Whose subscriptions it works for.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// What one use costs the operator, in thousandths of its currency; 0 where that is nothing or
    /// not known.
    #[serde(default)]
    pub cost: u32,
    /// How many of its latest prompts were answered rightly, in thousandths (0 to 1000); `None` while
    /// there are too few to tell.
    #[serde(default)]
    pub success_rate: Option<u16>,
}

impl Candidate {
    /// An available authenticator that works for every number, costs nothing and has no history.
    pub fn new(id: AuthenticatorId, ceiling: Loa, reach: Reach) -> Self {
        Self {
            id,
            ceiling,
            available: true,
            reach,
            enrolment: Enrolment::ByNumber,
            cost: 0,
            success_rate: None,
        }
    }
}

/// How an authenticator gets to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It reaches the phone by the number, whatever waits elsewhere; the answer comes back by itself
    /// or is typed where the person waits.
    Phone {
        /// The answer can be given on the phone alone. Otherwise it is typed into the waiting
        /// browser, and a door without one cannot use it.
        answered_on_phone: bool,
    },
    /// It takes over the waiting browser for a while: a door without one cannot use it.
    Browser,
}

impl Reach {
    /// Whether a door without a browser can use it.
    pub const fn works_without_browser(self) -> bool {
        matches!(self, Self::Phone { answered_on_phone: true })
    }
}

/// What makes a subscription one that an authenticator works for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// Its number is enough: a text message reaches every phone.
    #[default]
    ByNumber,
    /// The subscription must list it among its authenticators: a key was enrolled before.
    Listed,
}
