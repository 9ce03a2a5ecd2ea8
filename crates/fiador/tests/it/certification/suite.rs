//! What all modules have in common: an application of the suite's own, and a browser that is driven by
//! the ids of pages, fields and buttons alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

use crate::world::{Answer, Browser, Page, Provider, Sandbox, Shown, Tokens, encoded};

/// Where the suite waits for the browser.
pub(super) const CALLBACK: &str = "https://suite.example/test/a/fiador/callback";
/// Where it waits after a logout.
pub(super) const LOGGED_OUT: &str = "https://suite.example/test/a/fiador/post_logout_redirect";
/// Every scope of OpenID Connect.
pub(super) const EVERYTHING: &str = "openid profile email address phone";
/// The nonce of every request that has one.
pub(super) const NONCE: &str = "wUpkiVIHbN";

/// The suite with its first client and its browser.
pub(super) struct Suite {
    pub(super) sandbox: Sandbox,
    pub(super) client: Provider,
    pub(super) browser: Browser,
    /// Ids of the forms that the browser has met.
    pub(super) met: Vec<&'static str>,
}

/// What came back to the suite.
pub(super) type Callback = BTreeMap<String, String>;

impl Suite {
    /// A suite whose client authenticates by `client_secret_basic` and does not use PKCE.
    pub(super) async fn start() -> Self {
        Self::with(&json!({})).await
    }

    /// A suite whose client has more in its registration.
    pub(super) async fn with(registration: &Value) -> Self {
        let sandbox = Sandbox::start(&[]);
        let client = register(&sandbox, registration).await;
        let browser = sandbox.browser();
        Self { sandbox, client, browser, met: Vec::new() }
    }

    /// The address of a request; `changes` replace, add or (with an empty value) take away.
    pub(super) fn request(&self, changes: &[(&str, &str)]) -> String {
        let mut parameters = vec![
            ("client_id", self.client.application.client_id.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("state", "xk0bZt1NRy"),
            ("response_type", "code"),
            ("nonce", NONCE),
        ];
        for (name, value) in changes {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push((name, value));
            }
        }
        format!("{}/authorize?{}", self.client.issuer, encoded(parameters))
    }

    /// Opens a request and does what the pages ask for, until the suite is called back. The state
    /// must come back, and the issuer (RFC 9207).
    pub(super) async fn authorize(&mut self, changes: &[(&str, &str)]) -> Callback {
        let start = self.request(changes);
        let shown = self.browser.open(&start).await;
        let callback = self.go_on(shown).await;
        assert_eq!(callback["state"], "xk0bZt1NRy");
        assert_eq!(callback["iss"], self.client.issuer);
        callback
    }

    /// Fills in the forms by their ids: the number of the phone that approves by itself, and the code
    /// that it always gets.
    pub(super) async fn go_on(&mut self, mut shown: Shown) -> Callback {
        let number = self.sandbox.phones().into_iter().find(|phone| phone.auto).unwrap().msisdn;
        let number = format!("+{number}");
        let known: [(&'static str, &[(&str, &str)]); 3] = [
            ("journey-number", &[("msisdn", number.as_str())]),
            ("journey-answer", &[("code", "424242")]),
            ("journey-consent", &[("decision", "agree")]),
        ];
        for _ in 0..8 {
            let page = match shown {
                Shown::Away(url) => return callback_at(&url),
                Shown::Page(page) => page,
            };
            if page.has("form-post") {
                self.met.push("form-post");
                return posted(&page);
            }
            let form = known.iter().find(|(id, _)| page.has(id));
            let (id, fields) = form.unwrap_or_else(|| panic!("no known form: {page:?}"));
            self.met.push(id);
            shown = self.browser.submit(&page, id, fields).await;
        }
        panic!("eight pages and no end: {:?}", self.met);
    }

    /// A whole login: tokens for a request with these changes.
    pub(super) async fn log_in(&mut self, changes: &[(&str, &str)]) -> Tokens {
        let callback = self.authorize(changes).await;
        let code = callback.get("code").unwrap_or_else(|| panic!("no code: {callback:?}"));
        Tokens::of(&self.redeem(code).await)
    }

    /// Exchanges a code by `client_secret_basic`, without PKCE.
    pub(super) async fn redeem(&self, code: &str) -> Answer {
        self.client.post("token", &exchange(code)).await
    }

    /// UserInfo by GET.
    pub(super) async fn user_info(&self, tokens: &Tokens) -> Value {
        let answer = self.client.attributes("userinfo", &tokens.access_token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The claims of the ID Token, verified with the published keys.
    pub(super) async fn claims(&self, tokens: &Tokens) -> Value {
        self.client.claims(tokens).await
    }

    /// Whether the user had to do something since this was last asked.
    pub(super) fn was_asked(&mut self) -> bool {
        !std::mem::take(&mut self.met).is_empty()
    }

    /// The metadata.
    pub(super) async fn metadata(&self) -> Value {
        self.client.get(".well-known/openid-configuration", None).await.json()
    }
}

/// A token request for a code.
pub(super) fn exchange(code: &str) -> Vec<(&'static str, &str)> {
    vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)]
}

/// Creates an application as a person does who prepares a certification run.
pub(super) async fn register(sandbox: &Sandbox, more: &Value) -> Provider {
    let mut registration = json!({
        "name": "Suite",
        "profile": "oidc",
        "redirect_uris": [CALLBACK],
        "post_logout_redirect_uris": [LOGGED_OUT],
        "scopes": EVERYTHING.split(' ').collect::<Vec<_>>(),
        "require_pkce": false,
    });
    registration.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let application = sandbox.register(&registration).await;
    Provider { application, ..sandbox.provider("oidc") }
}

fn callback_at(url: &Url) -> Callback {
    assert!(url.as_str().starts_with(&format!("{CALLBACK}?")), "sent to {url}");
    url.query_pairs().into_owned().collect()
}

/// What the browser would post to the suite.
fn posted(page: &Page) -> Callback {
    let form = page.form("form-post");
    assert_eq!(form.action, CALLBACK);
    form.hidden.into_iter().collect()
}
