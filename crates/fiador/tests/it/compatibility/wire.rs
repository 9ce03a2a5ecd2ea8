//! What the clients have in common: what Discovery tells, the selection page, and JWTs as bytes.

use fiador_jose::base64url;
use fiador_kernel::{Clock as _, SystemClock};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::RequestBuilder;
use serde_json::Value;

use crate::world::{Answer, Application, Landing, Sandbox, User};

/// What Discovery told: the operator's addresses, and the application's credentials there.
pub(super) struct Operator {
    pub(super) body: Value,
}

impl Operator {
    /// Of an answer with status 200; a client that expects it fails when it is not.
    pub(super) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/json");
        Self { body: answer.json() }
    }

    /// The address with exactly this relation.
    pub(super) fn link(&self, relation: &str) -> String {
        let links = self.body["response"]["apis"]["operatorid"]["link"].as_array().unwrap();
        let link = links.iter().find(|link| link["rel"] == relation);
        let link = link.unwrap_or_else(|| panic!("no {relation} in {}", self.body));
        link["href"].as_str().unwrap().to_owned()
    }

    /// A text of `response`.
    pub(super) fn response(&self, name: &str) -> &str {
        self.body["response"][name].as_str().unwrap_or_else(|| panic!("{name}: {}", self.body))
    }

    /// The number, encrypted to the operator.
    pub(super) fn subscriber_id(&self) -> &str {
        self.body["subscriber_id"].as_str().unwrap_or_else(|| panic!("{}", self.body))
    }

    /// Basic authentication with the credentials at the operator.
    pub(super) fn authenticated(&self, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(self.response("client_id"), Some(self.response("client_secret")))
    }
}

/// Basic authentication with the credentials at Discovery.
pub(super) fn at_discovery(request: RequestBuilder, application: &Application) -> RequestBuilder {
    let Application { discovery_client_id, discovery_client_secret, .. } = application;
    request.basic_auth(discovery_client_id, Some(discovery_client_secret))
}

/// The answer to a request.
pub(super) async fn sent(request: RequestBuilder) -> Answer {
    Answer::read(request.send().await.unwrap()).await
}

/// The application that all clients are.
pub(super) fn application(sandbox: &Sandbox) -> Application {
    sandbox.provider("mobile_connect").application
}

/// The link to the selection page in an answer with status 202.
pub(super) fn selection_page(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{answer:?}");
    let body = answer.json();
    let links = body["links"].as_array().unwrap();
    let link = links.iter().find(|link| link["rel"] == "operatorSelection").unwrap();
    link["href"].as_str().unwrap().to_owned()
}

/// The user types the number on the selection page, which sends the browser back.
pub(super) async fn type_number(user: &mut User, page: &str) -> Landing {
    let shown = user.browser.open(page).await.page();
    let number = format!("+{}", user.msisdn);
    let fields = [("msisdn", number.as_str())];
    Landing::at(user.browser.submit(&shown, "use-number", &fields).await.away())
}

/// `mcc_mnc` in its halves.
pub(super) fn network(landing: &Landing) -> (String, String) {
    let pair = landing.get("mcc_mnc");
    assert_eq!(pair.matches('_').count(), 1, "{}", landing.url);
    let (mcc, mnc) = pair.split_once('_').unwrap();
    (mcc.to_owned(), mnc.to_owned())
}

/// The JSON text of the header (0) or the payload (1) of a JWT.
pub(super) fn part(jwt: &str, index: usize) -> String {
    let part = jwt.split('.').nth(index).unwrap();
    String::from_utf8(base64url::decode(part).unwrap()).unwrap()
}

/// The header or the payload as JSON.
pub(super) fn json_part(jwt: &str, index: usize) -> Value {
    serde_json::from_str(&part(jwt, index)).unwrap()
}

/// The published keys, asked for without credentials.
pub(super) async fn keys(sandbox: &Sandbox, url: &str) -> Vec<Value> {
    let answer = sent(sandbox.http.get(url)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["keys"].as_array().unwrap().clone()
}

/// Whether the key signed the JWT with RS256. Nothing else is checked.
pub(super) fn is_signed_with(jwt: &str, key: &Value) -> bool {
    let key = serde_json::from_value(key.clone()).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Value>(jwt, &DecodingKey::from_jwk(&key).unwrap(), &validation).is_ok()
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    SystemClock.now().as_seconds()
}
