//! The operator's subscriptions.

use std::collections::BTreeMap;

use fiador_kernel::{Digest, SubscriberId};
use serde::{Deserialize, Serialize};

/// Whether a subscription may authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriberStatus {
    /// In use.
    Active,
    /// Suspended by the operator: looks like an unknown number from outside (T-048).
    Blocked,
}

/// A subscription as stored: the number itself only as keyed hash and sealed value (T-247).
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// The subscription, which outlives a change of number.
    pub id: SubscriberId,
    /// Keyed hash of the number, for look-up.
    pub msisdn_index: Digest,
    /// The number under the permanent personal-data key.
    pub msisdn_sealed: Vec<u8>,
    /// Whether it may authenticate.
    pub status: SubscriberStatus,
    /// Authenticators enrolled for it, by adaptor id (`sms_otp`, …).
    pub authenticators: Vec<String>,
    /// Its attributes ([`Attributes`] as JSON) under the personal-data key.
    pub attributes_sealed: Vec<u8>,
}

impl Subscriber {
    /// Whether authenticators may reach it: in use, and enrolled for any of them. Which of them can is
    /// for routing to say.
    pub fn may_authenticate(&self) -> bool {
        self.status == SubscriberStatus::Active && !self.authenticators.is_empty()
    }
}

/// Attributes of a person, by OpenID Connect claim name; values are JSON.
///
/// A claim that is not known is absent, never null or blank (mobile-connect §2.9).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(pub BTreeMap<String, serde_json::Value>);

impl Attributes {
    /// Keeps only the claims named.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| names.contains(&name.as_str()));
        self
    }
}
