//! The document, and the gateway that it describes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::world::{Answer, REDIRECT_URI, Sandbox};

/// A gateway that is asked for things.
pub(super) struct Examined {
    pub(super) sandbox: Sandbox,
    pub(super) metadata: Map<String, Value>,
    /// Members that have been held against something.
    pub(super) seen: BTreeSet<String>,
}

impl Examined {
    pub(super) async fn start() -> Self {
        let sandbox = Sandbox::start(&[]);
        let provider = sandbox.provider("oidc");
        let metadata = provider.get(".well-known/openid-configuration", None).await.json();
        let metadata = metadata.as_object().unwrap().clone();
        Self { sandbox, metadata, seen: BTreeSet::new() }
    }

    /// A member; it counts as examined from now on.
    pub(super) fn member(&mut self, name: &str) -> Value {
        self.seen.insert(name.to_owned());
        self.metadata.get(name).unwrap_or_else(|| panic!("{name} is missing")).clone()
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        serde_json::from_value(self.member(name)).unwrap()
    }

    /// Holds a list against the candidates that turned out to work: exactly these are in it.
    #[track_caller]
    pub(super) fn lists_exactly(&mut self, name: &str, works: &[(&str, bool)]) {
        let listed = self.list(name);
        for (value, works) in works {
            assert_eq!(listed.iter().any(|listed| listed == value), *works, "{name}: {value}");
        }
        for value in listed {
            assert!(works.iter().any(|(candidate, _)| *candidate == value), "{name}: {value}?");
        }
    }

    /// Whether a good request with this change becomes a login, and not an error.
    pub(super) async fn is_served(&self, profile: &str, changes: &[(&str, &str)]) -> bool {
        let provider = self.sandbox.provider(profile);
        let mut request = provider.request();
        for (name, value) in changes {
            request = request.with(name, value);
        }
        let answer = provider.get(&format!("authorize?{}", request.encoded()), None).await;
        answer.header("location").contains("/journey/")
    }

    /// Which of the values of a parameter are served.
    pub(super) async fn served<'v>(
        &self,
        profile: &str,
        parameter: &str,
        values: &[&'v str],
    ) -> Vec<(&'v str, bool)> {
        let mut served = Vec::new();
        for value in values {
            served.push((*value, self.is_served(profile, &[(parameter, value)]).await));
        }
        served
    }

    /// An application with more in its registration.
    pub(super) async fn register(&self, more: &Value) -> Answer {
        let mut body = json!({
            "name": "Examiner", "profile": "oidc", "redirect_uris": [REDIRECT_URI],
            "scopes": ["openid"],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = format!("{}/admin/v1/apps", self.sandbox.text("/admin/url"));
        let request = self.sandbox.http.post(url).bearer_auth(self.sandbox.text("/admin/token"));
        Answer::read(request.json(&body).send().await.unwrap()).await
    }

    /// Which of the values of a member of registrations are accepted.
    pub(super) async fn registered<'v>(
        &self,
        member: &str,
        values: &[&'v str],
    ) -> Vec<(&'v str, bool)> {
        let mut accepted = Vec::new();
        for value in values {
            let mut more = json!({ member: value });
            if member != "token_endpoint_auth_method" || *value == "private_key_jwt" {
                more["jwks"] = json!({ "keys": [public_key()] });
            }
            if member.ends_with("_enc") {
                more["userinfo_encrypted_response_alg"] = "ECDH-ES".into();
            }
            accepted.push((*value, self.register(&more).await.status == 201));
        }
        accepted
    }
}

/// RFC 7517 §A.1.
fn public_key() -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "1",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })
}
