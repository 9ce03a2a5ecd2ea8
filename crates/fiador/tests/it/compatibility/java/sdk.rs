//! The SDK: what it sends, and what it checks.

use serde_json::Value;

use super::super::wire::{
    Operator, application, at_discovery, is_signed_with, json_part, keys, now, part, sent,
};
use crate::world::{Answer, Application, REDIRECT_URI, Sandbox, User, encoded};

const STATE: &str = "5f0c6d0e-9a3a-4b7e-8f61-1a1f6f2f9d10";
const NONCE: &str = "878aacd7-83f1-4b4f-9582-7347b0a6fa62";
pub(super) const CORRELATION_ID: &str = "42da5b19-457a-4d30-a5c4-038c62dccbb0";

/// The SDK in the hands of an application.
pub(super) struct Sdk<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) application: Application,
    /// Sent to Discovery and to the token endpoint; not to the authorization endpoint.
    pub(super) correlation_id: Option<&'static str>,
}

impl<'a> Sdk<'a> {
    pub(super) fn new(sandbox: &'a Sandbox) -> Self {
        Self { sandbox, application: application(sandbox), correlation_id: None }
    }

    /// Discovery by GET, or by POST when there is a number, which loses its `+`.
    pub(super) async fn discover(&self, number: Option<&str>, more: &[(&str, &str)]) -> Answer {
        let url = self.sandbox.text("/discovery");
        let mut parameters = vec![("Redirect_URL", REDIRECT_URI)];
        parameters.extend(number.map(|number| ("MSISDN", number.trim_start_matches('+'))));
        parameters.extend(more);
        parameters.push(("Using-Mobile-Data", "0"));
        parameters.extend(self.correlation_id.map(|id| ("correlation_id", id)));
        let request = match number {
            Some(_) => self.sandbox.http.post(url).form(&parameters),
            None => self.sandbox.http.get(format!("{url}?{}", encoded(parameters))),
        };
        let request = at_discovery(request, &self.application)
            .header("SDK-Version", "Java-2.4.7")
            .header("Client-Side-Version", "none")
            .header("Server-Side-Version", "none")
            .header("X-Redirect", "APP")
            .header("Accept", "application/json");
        let answer = sent(request).await;
        assert!(!answer.text.is_empty(), "the SDK reads the entity of every answer");
        self.correlates(&answer.json());
        answer
    }

    /// A correlation id that is not the one it sent is an exception.
    pub(super) fn correlates(&self, body: &Value) {
        assert_eq!(body["correlation_id"].as_str(), self.correlation_id, "{body}");
    }

    /// The provider metadata, without credentials.
    pub(super) async fn metadata(&self, operator: &Operator) -> Value {
        let answer = sent(self.sandbox.http.get(operator.link("openid-configuration"))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let metadata = answer.json();
        assert!(metadata["issuer"].is_string(), "else every ID Token fails");
        metadata
    }

    /// The newest version that the metadata names.
    pub(super) fn version(metadata: &Value) -> &'static str {
        let offered = metadata["mc_version"].as_array().unwrap();
        let known = ["mc_di_v3.0", "mc_di_r2_v2.3", "mc_v2.0", "mc_v1.1"];
        known.into_iter().find(|version| offered.iter().any(|o| o == version)).unwrap()
    }

    /// The authorization URL. The texts go with `mc_authz` and identity scopes.
    pub(super) fn start(operator: &Operator, scope: &str, version: &str, prompt: &str) -> String {
        let hint = operator.body["subscriber_id"].as_str().map(|id| format!("ENCR_MSISDN:{id}"));
        let mut parameters = vec![
            ("redirect_uri", REDIRECT_URI),
            ("client_id", operator.response("client_id")),
            ("response_type", "code"),
            ("scope", scope),
            ("acr_values", "2"),
            ("state", STATE),
            ("nonce", NONCE),
            ("display", "page"),
        ];
        if !prompt.is_empty() {
            parameters.push(("prompt", prompt));
        }
        parameters.extend([("max-age", "3600"), ("version", version)]);
        parameters.extend(hint.as_deref().map(|hint| ("login_hint", hint)));
        if !scope.contains("mc_authn") {
            parameters.extend([
                ("client_name", operator.response("client_name")),
                ("context", "Pay 25.00 EUR to Acme"),
                ("binding_message", "K7Q2"),
            ]);
        }
        format!("{}?{}", operator.link("authorization"), encoded(parameters))
    }

    /// Exchanges a code: Basic, and the same credentials in the form.
    pub(super) async fn redeem(&self, operator: &Operator, code: &str) -> Answer {
        let mut form = vec![
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("grant_type", "authorization_code"),
        ];
        form.extend(self.correlation_id.map(|id| ("correlation_id", id)));
        form.push(("client_id", operator.response("client_id")));
        form.push(("client_secret", operator.response("client_secret")));
        let request = self.sandbox.http.post(operator.link("token")).form(&form);
        let request = operator.authenticated(request).header("Accept", "application/json");
        sent(request).await
    }

    /// Everything that it checks of a token answer; gives the access token.
    pub(super) async fn check(
        &self,
        operator: &Operator,
        metadata: &Value,
        version: &str,
        answer: &Answer,
    ) -> String {
        assert!(answer.status < 300 && answer.json().get("error").is_none(), "{answer:?}");
        self.correlates(&answer.json());
        let body = answer.json();
        assert!(body["expires_in"].as_i64().is_some_and(|seconds| seconds > 0), "{body}");
        let id_token = body["id_token"].as_str().unwrap();

        let text = part(id_token, 1);
        assert!(text.contains(&format!("\"nonce\":\"{NONCE}\"")), "no space after the colon");
        let claims = json_part(id_token, 1);
        assert_eq!(claims["iss"], metadata["issuer"], "byte for byte");
        let client_id = operator.response("client_id");
        let audience = claims["aud"].as_array().unwrap();
        assert!(audience.iter().any(|one| one == client_id) && claims["azp"] == client_id);
        assert!(claims["exp"].as_i64().unwrap() > now());
        assert!(claims["iat"].as_i64().unwrap() + 3600 > now(), "default of its maximum age");
        if version == "mc_di_r2_v2.3" {
            for name in ["at_hash", "acr", "amr", "hashed_login_hint"] {
                assert!(claims[name].is_string() || claims[name].is_array(), "{name}: {claims}");
            }
        }

        let header = json_part(id_token, 0);
        let keys = keys(self.sandbox, metadata["jwks_uri"].as_str().unwrap()).await;
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
        assert_eq!((&key["alg"], &key["kty"]), (&header["alg"], &Value::from("RSA")));
        assert!(is_signed_with(id_token, key));
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A whole login; gives the access token.
    pub(super) async fn log_in(
        &self,
        user: &mut User,
        operator: &Operator,
        scope: &str,
        version: &str,
    ) -> String {
        let metadata = self.metadata(operator).await;
        let start = Self::start(operator, scope, version, "");
        let landing = self.sandbox.log_in(user, &start).await;
        assert_eq!(landing.get("state"), STATE);
        let answer = self.redeem(operator, landing.code()).await;
        self.check(operator, &metadata, version, &answer).await
    }

    /// A resource, by GET.
    pub(super) async fn resource(
        &self,
        operator: &Operator,
        relation: &str,
        token: &str,
    ) -> Answer {
        let request = self.sandbox.http.get(operator.link(relation)).bearer_auth(token);
        sent(request.header("Accept", "application/json")).await
    }
}
