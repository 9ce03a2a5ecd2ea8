//! What a SIM and a handset can do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::subscriber::Attributes;

/// Something that a SIM or a handset either can do or cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// The SIM has the authentication applet.
    SimApplet,
    /// The SIM signs with a key of its own.
    SimSignature,
    /// The handset has a browser that opens links from messages.
    HandsetBrowser,
    /// The operator's app is installed.
    HandsetApp,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::SimApplet, Self::SimSignature, Self::HandsetBrowser, Self::HandsetApp];

    /// Its name in policies, and the attribute ([`crate::attribute`]) that tells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SimApplet => "sim_applet",
            Self::SimSignature => "sim_signature",
            Self::HandsetBrowser => "handset_browser",
            Self::HandsetApp => "handset_app",
        }
    }
}

/// What is known of a SIM and a handset; what is absent is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(pub BTreeMap<Capability, bool>);

impl Capabilities {
    /// Reads them from attributes of their shape.
    pub fn of(attributes: &Attributes) -> Self {
        let told = |capability: Capability| {
            let value = attributes.0.get(capability.as_str()).and_then(Value::as_bool)?;
            Some((capability, value))
        };
        Self(Capability::ALL.into_iter().filter_map(told).collect())
    }

    /// Whether it is there; `None` if that is not known.
    pub fn get(&self, capability: Capability) -> Option<bool> {
        self.0.get(&capability).copied()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn capabilities_come_from_attributes_and_what_is_not_known_stays_so() {
        let attributes: Attributes =
            serde_json::from_value(json!({"sim_applet": true, "handset_app": false})).unwrap();
        let capabilities = Capabilities::of(&attributes);
        assert_eq!(capabilities.get(Capability::SimApplet), Some(true));
        assert_eq!(capabilities.get(Capability::HandsetApp), Some(false));
        assert_eq!(capabilities.get(Capability::SimSignature), None);
    }

    #[test]
    fn every_capability_is_a_known_attribute() {
        for capability in Capability::ALL {
            assert!(crate::attribute::find(capability.as_str()).is_some(), "{capability:?}");
        }
    }
}
