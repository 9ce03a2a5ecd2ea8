//! What a decision looks at. All of it is kept with the decision, so that it can be explained and
//! taken again: there is no number, no name and no address in it.

mod capability;
mod product;
mod signal;

use std::collections::BTreeSet;

use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    journey::{Ask, Origin},
    profile::Profile,
    subscriber::SubscriberStatus,
};

pub use capability::{Capabilities, Capability};
pub use product::{Product, Products};
pub use signal::{RiskFacts, Signal, SignalName};

/// Everything that one decision looks at, besides the candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When it is decided: rules may hold at certain times, and signs of risk have an age.
    pub at: Timestamp,
    /// Who asks.
    pub client: ClientId,
    /// Its world.
    pub profile: Profile,
    /// What it asks for, and so for which [products](Self::products).
    pub scopes: ScopeSet,
    /// `acr_values` (or the client's default), in order of preference; empty means any level.
    pub levels: Vec<Loa>,
    /// The levels are a wish: when none can be reached the strongest authenticator is used
    /// (OpenID Connect Core §3.1.2.1, `acr_values` as a voluntary claim).
    pub levels_voluntary: bool,
    /// How the request came.
    pub request: RequestFacts,
    /// Whose phone it is.
    #[serde(default)]
    pub subscriber: SubscriberFacts,
    /// Signs that somebody else may have the phone.
    #[serde(default)]
    pub risk: RiskFacts,
}

/// How a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFacts {
    /// A browser waits for the answer.
    pub has_browser: bool,
    /// The browser says that it runs on a handset; never proof of anything (T-110).
    #[serde(default)]
    pub on_handset: bool,
    /// The country of the network it came from (ISO 3166-1 alpha-2, upper case), if known.
    #[serde(default)]
    pub country: Option<String>,
    /// Values of `prompt` (OpenID Connect Core §3.1.2.1).
    #[serde(default)]
    pub prompt: BTreeSet<PromptValue>,
}

/// A value of the parameter `prompt` (OpenID Connect Core §3.1.2.1, mobile-connect §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptValue {
    /// Nobody may be asked anything.
    None,
    /// The user must authenticate anew.
    Login,
    /// The user must be asked for consent.
    Consent,
    /// The user is to say who they are.
    SelectAccount,
    /// The network's word for the number is not enough: the user must be asked. Mobile Connect only.
    NoSeam,
}

/// Whose phone it is. An unknown number is given the facts of an ordinary subscription, so that
/// nothing outside tells them apart (T-048). The default is in use and lists nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberFacts {
    /// Whether it may authenticate.
    pub status: SubscriberStatus,
    /// Authenticators that it lists.
    #[serde(default)]
    pub enrolled: BTreeSet<AuthenticatorId>,
    /// What its SIM and its handset can do, as far as that is known.
    #[serde(default)]
    pub capabilities: Capabilities,
}

impl Default for SubscriberFacts {
    fn default() -> Self {
        Self {
            status: SubscriberStatus::Active,
            enrolled: BTreeSet::new(),
            capabilities: Capabilities::default(),
        }
    }
}

impl Facts {
    /// What a door has asked, of a subscription that lists nothing, before anybody was asked about
    /// risk.
    pub fn of(ask: &Ask, origin: &Origin, has_browser: bool, at: Timestamp) -> Self {
        Self {
            at,
            client: ask.client.clone(),
            profile: ask.profile,
            scopes: ask.scopes.clone(),
            levels: ask.levels.clone(),
            levels_voluntary: ask.levels_voluntary,
            request: RequestFacts {
                has_browser,
                on_handset: origin.on_handset,
                country: origin.country.as_deref().map(str::to_ascii_uppercase),
                prompt: ask.prompt.clone(),
            },
            subscriber: SubscriberFacts::default(),
            risk: RiskFacts::default(),
        }
    }

    /// The products that the scopes belong to.
    pub fn products(&self) -> Products {
        Products::of(&self.scopes)
    }
}
