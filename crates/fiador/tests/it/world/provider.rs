//! A service provider: builds requests, exchanges codes, asks about tokens.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;

use super::{Answer, Application, AuthorizationRequest, REDIRECT_URI, request::VERIFIER};

/// A service provider that talks to the node at `base`.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) application: Application,
    pub(crate) issuer: String,
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
}

/// A good token response.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    pub(crate) answer: Value,
}

impl Tokens {
    /// Those of an answer; a story that expects them fails when there are none.
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        let tokens = Self {
            access_token: answer.member("access_token"),
            id_token: answer.member("id_token"),
            answer: answer.json(),
        };
        assert!(!tokens.access_token.is_empty() && !tokens.id_token.is_empty(), "{answer:?}");
        tokens
    }
}

impl Provider {
    /// The same provider, served by another node.
    pub(crate) fn at_node(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A request with the least that the profile demands.
    pub(crate) fn request(&self) -> AuthorizationRequest {
        AuthorizationRequest::of(&self.application)
    }

    /// Where the user's browser is sent to begin a login.
    pub(crate) fn start(&self, request: &AuthorizationRequest) -> String {
        format!("{}/authorize?{}", self.issuer, request.encoded())
    }

    /// Token request for a code with everything right.
    pub(crate) fn redemption<'a>(&self, code: &'a str) -> Vec<(&'static str, &'a str)> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
        ];
        if self.application.profile == "oidc" {
            form.push(("code_verifier", VERIFIER));
        }
        form
    }

    /// Exchanges a code, whatever the answer.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.post("token", &self.redemption(code)).await
    }

    /// Exchanges a code that is good.
    pub(crate) async fn tokens(&self, code: &str) -> Tokens {
        Tokens::of(&self.redeem(code).await)
    }

    /// The claims of an ID Token, its signature checked with the published keys.
    pub(crate) async fn claims(&self, tokens: &Tokens) -> Value {
        let keys: JwkSet = serde_json::from_value(self.get("jwks", None).await.json()).unwrap();
        let header = jsonwebtoken::decode_header(&tokens.id_token).unwrap();
        let key = keys.find(&header.kid.unwrap()).expect("the key is published");
        let wanted = match self.application.id_token_signed_response_alg.as_str() {
            "ES256" => Algorithm::ES256,
            _ => Algorithm::RS256,
        };
        let mut validation = Validation::new(wanted);
        validation.set_audience(&[&self.application.client_id]);
        validation.set_issuer(&[&self.issuer]);
        let key = DecodingKey::from_jwk(key).unwrap();
        jsonwebtoken::decode::<Value>(&tokens.id_token, &key, &validation).unwrap().claims
    }

    /// Asks whether a token is active (RFC 7662).
    pub(crate) async fn introspect(&self, token: &str) -> Answer {
        self.post("introspect", &[("token", token)]).await
    }

    /// Whether a token is active.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        let answer = self.introspect(token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["active"].as_bool().unwrap()
    }

    /// Ends a token (RFC 7009).
    pub(crate) async fn revoke(&self, token: &str) -> Answer {
        self.post("revoke", &[("token", token)]).await
    }

    /// Fetches attributes from `userinfo` or `premiuminfo`.
    pub(crate) async fn attributes(&self, resource: &str, token: &str) -> Answer {
        self.get(resource, Some(token)).await
    }

    /// A form, authenticated as this client.
    pub(crate) async fn post(&self, endpoint: &str, form: &[(&str, &str)]) -> Answer {
        let Application { client_id, client_secret, .. } = &self.application;
        let request = self
            .http
            .post(format!("{}/{endpoint}", self.base))
            .basic_auth(client_id, Some(client_secret))
            .form(form);
        Answer::read(request.send().await.unwrap()).await
    }

    /// A GET, perhaps with a bearer token.
    pub(crate) async fn get(&self, endpoint: &str, token: Option<&str>) -> Answer {
        let mut request = self.http.get(format!("{}/{endpoint}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Answer::read(request.send().await.unwrap()).await
    }
}
