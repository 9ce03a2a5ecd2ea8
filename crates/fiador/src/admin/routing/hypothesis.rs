//! A request that nobody has made, in the words of policies.

use std::{collections::BTreeSet, time::Duration};

use fiador_domain::{
    profile::Profile,
    risk::RiskSignals,
    routing::{
        Candidate, Capabilities, Capability, Facts, PromptValue, RequestFacts, RiskFacts,
        SubscriberFacts,
    },
    subscriber::SubscriberStatus,
};
use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet, Timestamp};
use serde::{Deserialize, Serialize};

/// What is left out is as in an ordinary login from a computer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hypothesis {
    /// Who asks; it need not be registered.
    pub client: ClientId,
    /// Its world; that of its registration where it has one, else `mobile_connect`.
    #[serde(default)]
    pub profile: Option<Profile>,
    /// Scopes as in a request.
    #[serde(default = "openid")]
    pub scope: String,
    /// Levels as in a request: `3 2`.
    #[serde(default)]
    pub acr_values: String,
    /// The levels are a wish.
    #[serde(default)]
    pub acr_voluntary: bool,
    /// A browser waits.
    #[serde(default = "yes")]
    pub browser: bool,
    /// It runs on a handset.
    #[serde(default)]
    pub on_handset: bool,
    /// Country of its network.
    #[serde(default)]
    pub country: Option<String>,
    /// Values of `prompt`.
    #[serde(default)]
    pub prompt: BTreeSet<PromptValue>,
    /// State of the subscription.
    #[serde(default = "active")]
    pub status: SubscriberStatus,
    /// What it lists; every authenticator where it is left out.
    #[serde(default)]
    pub enrolled: Option<BTreeSet<AuthenticatorId>>,
    /// What SIM and handset are known to have.
    #[serde(default)]
    pub can: BTreeSet<Capability>,
    /// What they are known not to have.
    #[serde(default)]
    pub cannot: BTreeSet<Capability>,
    /// Signs of risk.
    #[serde(default)]
    pub risk: HypotheticalRisk,
    /// When, in seconds since the epoch; now where it is left out.
    #[serde(default)]
    pub at: Option<i64>,
}

/// Signs of risk. If none is there, nobody was asked for any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HypotheticalRisk {
    /// The source of signs did not answer.
    pub unavailable: bool,
    /// The source of signs answered and knows of none but those below.
    pub known_of_none: bool,
    /// The SIM was changed so many hours ago.
    pub sim_changed_hours_ago: Option<u32>,
    /// The handset was changed so many hours ago.
    pub device_changed_hours_ago: Option<u32>,
    /// The number was ported so many hours ago.
    pub ported_hours_ago: Option<u32>,
    /// All calls are forwarded.
    pub call_forwarding: Option<bool>,
    /// The SIM is in a foreign network.
    pub roaming: Option<bool>,
}

impl Hypothesis {
    /// An ordinary login at `client`.
    pub fn of(client: ClientId) -> Self {
        Self {
            client,
            profile: None,
            scope: openid(),
            acr_values: String::new(),
            acr_voluntary: false,
            browser: true,
            on_handset: false,
            country: None,
            prompt: BTreeSet::new(),
            status: active(),
            enrolled: None,
            can: BTreeSet::new(),
            cannot: BTreeSet::new(),
            risk: HypotheticalRisk::default(),
            at: None,
        }
    }

    /// The facts of such a request, where there are these authenticators. The error says what is
    /// malformed.
    pub fn facts(
        self,
        registered: Option<Profile>,
        candidates: &[Candidate],
        now: Timestamp,
    ) -> Result<Facts, String> {
        let at = self.at.map_or(now, Timestamp::from_seconds);
        let everybody = || candidates.iter().map(|candidate| candidate.id.clone()).collect();
        let levels = self.acr_values.split_ascii_whitespace().map(str::parse::<Loa>);
        let known = |these: &BTreeSet<Capability>, there| {
            these.iter().map(|&one| (one, there)).collect::<Vec<_>>()
        };
        let capabilities = [known(&self.can, true), known(&self.cannot, false)].concat();
        Ok(Facts {
            at,
            profile: self.profile.or(registered).unwrap_or(Profile::MobileConnect),
            scopes: ScopeSet::parse(&self.scope).map_err(|error| format!("scope: {error}"))?,
            levels: levels.collect::<Result<_, _>>().map_err(|e| format!("acr_values: {e}"))?,
            levels_voluntary: self.acr_voluntary,
            request: RequestFacts {
                has_browser: self.browser,
                on_handset: self.on_handset,
                country: self.country.map(|country| country.to_ascii_uppercase()),
                prompt: self.prompt,
            },
            subscriber: SubscriberFacts {
                status: self.status,
                enrolled: self.enrolled.unwrap_or_else(everybody),
                capabilities: Capabilities(capabilities.into_iter().collect()),
            },
            risk: self.risk.facts(at),
            client: self.client,
        })
    }
}

impl HypotheticalRisk {
    fn facts(&self, at: Timestamp) -> RiskFacts {
        if self.unavailable {
            return RiskFacts::UNAVAILABLE;
        }
        if *self == Self::default() {
            return RiskFacts::default();
        }
        let ago = |hours: Option<u32>| Some(at.before(Duration::from_hours(hours?.into())));
        RiskFacts::told(&RiskSignals {
            sim_changed_at: ago(self.sim_changed_hours_ago),
            device_changed_at: ago(self.device_changed_hours_ago),
            ported_at: ago(self.ported_hours_ago),
            is_call_divert_active: self.call_forwarding,
            is_roaming: self.roaming,
            ..RiskSignals::default()
        })
    }
}

fn openid() -> String {
    "openid".to_owned()
}

const fn yes() -> bool {
    true
}

const fn active() -> SubscriberStatus {
    SubscriberStatus::Active
}

#[cfg(test)]
mod tests {
    use fiador_domain::routing::Signal;

    use super::*;

    #[test]
    fn what_is_left_out_is_as_in_an_ordinary_login() {
        let short: Hypothesis = serde_json::from_str(r#"{"client":"shop"}"#).unwrap();
        let now = Timestamp::from_seconds(7);
        let facts = short.facts(Some(Profile::Oidc), &[], now).unwrap();
        assert_eq!(
            facts,
            Hypothesis::of(facts.client.clone()).facts(Some(Profile::Oidc), &[], now).unwrap()
        );
        assert_eq!((facts.at, facts.profile), (now, Profile::Oidc));
        assert!(facts.request.has_browser && facts.levels.is_empty());
        assert_eq!(facts.risk.sim_change, Signal::NotAsked);
    }

    #[test]
    fn a_source_that_knows_of_no_sign_is_not_one_that_was_not_asked() {
        let text = r#"{"client":"shop","risk":{"known_of_none":true}}"#;
        let asked: Hypothesis = serde_json::from_str(text).unwrap();
        let facts = asked.facts(None, &[], Timestamp::default()).unwrap();
        assert_eq!(facts.risk.sim_change, Signal::Unknown);
    }

    #[test]
    fn malformed_levels_and_scopes_are_named() {
        let shop = Hypothesis::of(ClientId::new("shop").unwrap());
        let levels = Hypothesis { acr_values: "3 5".to_owned(), ..shop.clone() };
        assert!(
            levels.facts(None, &[], Timestamp::default()).unwrap_err().starts_with("acr_values: ")
        );
        let scope = Hypothesis { scope: "a\"b".to_owned(), ..shop };
        assert!(scope.facts(None, &[], Timestamp::default()).unwrap_err().starts_with("scope: "));
    }
}
