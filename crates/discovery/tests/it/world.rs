//! Two operators, and applications that know one, both or none of them.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use axum::{Router, body::Body, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fiador_discovery::{Dependencies, Discovery, Settings, add_messages};
use fiador_domain::{
    client::{Client, ClientDirectory, ClientSecret, DiscoveryApplication, OperatorCredentials},
    numbering::{NumberingPlan, Operator, OperatorLinks},
    profile::Profile,
};
use fiador_http_kit::{Assets, Brand, ClientAddress, Messages, Pages};
use fiador_kernel::{
    ClientId, Digest, Issuer, Msisdn, OperatorId, Plmn, ScopeSet, Secret, SectorId, Timestamp,
};
use fiador_ports::{
    EncryptedNumber, NumberPortability, OperatorKeyError, OperatorKeys, SubscriberIds,
};
use fiador_testkit::{SeededEntropy, TestClock};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const REDIRECT_URL: &str = "https://sp.example/discovered?from=fiador";
pub(crate) const PAGE: &str = "/v2/discovery/users/operator-selection";

pub(crate) struct World {
    pub(crate) clock: TestClock,
    router: Router,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::built(change, |_| None)
    }

    /// A world whose numbers are looked up in a register too.
    pub(crate) fn with_register(
        register: impl FnOnce(&TestClock) -> Arc<dyn NumberPortability>,
    ) -> Self {
        Self::built(|_| {}, |clock| Some(register(clock)))
    }

    fn built(
        change: impl FnOnce(&mut Settings),
        register: impl FnOnce(&TestClock) -> Option<Arc<dyn NumberPortability>>,
    ) -> Self {
        let issuer = Issuer::new("https://id.example/oidc", false).unwrap();
        let mut settings = Settings::new(&issuer);
        settings.home_region = Some("GB".parse().unwrap());
        change(&mut settings);
        let clock = TestClock::new();
        let messages = add_messages(Messages::builder().unwrap()).unwrap().build().unwrap();
        let discovery = Discovery::new(Dependencies {
            clients: Arc::new(directory()),
            numbering: Arc::new(plan()),
            portability: register(&clock),
            operator_keys: Arc::new(Keys),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(7)),
            pages: Arc::new(Pages::new(Brand::new("MNO"), messages, Assets::builder())),
            settings,
        })
        .unwrap();
        Self { clock, router: discovery.routes() }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_from("198.51.100.1", request).await
    }

    /// As [`World::send`], from another network than usual.
    pub(crate) async fn send_from(&self, address: &str, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ClientAddress::new(address.parse().unwrap()));
        let response: Response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A GET by the application that knows both operators, with a good `Redirect_URL`.
    pub(crate) async fn ask(&self, parameters: &[(&str, &str)]) -> Answer {
        self.ask_with(parameters, &[]).await
    }

    pub(crate) async fn ask_with(
        &self,
        parameters: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut all = vec![("Redirect_URL", REDIRECT_URL)];
        all.extend_from_slice(parameters);
        self.send(get(&all, &basic("shop", "shop-secret"), headers)).await
    }

    /// The address of a selection page that was just opened.
    pub(crate) async fn selection(&self) -> String {
        let answer = self.ask(&[]).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        let href = answer.json()["links"][0]["href"].as_str().unwrap().to_owned();
        href.strip_prefix("https://id.example").unwrap().to_owned()
    }

    /// Posts a form to the selection page.
    pub(crate) async fn choose(&self, page: &str, parameters: &[(&str, &str)]) -> Answer {
        let session_id = page.split_once("session_id=").unwrap().1;
        let mut all = vec![("session_id", session_id)];
        all.extend_from_slice(parameters);
        self.send(post(PAGE, &all, &[])).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json", "{self:?}");
        assert_eq!(self.headers["cache-control"], "no-store");
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    pub(crate) fn operator(&self) -> String {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["response"]["serving_operator"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn encoded(parameters: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(b).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> =
        parameters.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    pairs.join("&")
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub(crate) fn get(
    parameters: &[(&str, &str)],
    authorization: &str,
    headers: &[(&str, &str)],
) -> Request<Body> {
    let mut request = Request::get(format!("/v2/discovery?{}", encoded(parameters)));
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

pub(crate) fn post(
    path: &str,
    parameters: &[(&str, &str)],
    headers: &[(&str, &str)],
) -> Request<Body> {
    let mut request =
        Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(encoded(parameters))).unwrap()
}

fn elsewhere() -> OperatorLinks {
    OperatorLinks {
        token: Some("https://theirs.example/oidc/accesstoken".to_owned()),
        ..OperatorLinks::default()
    }
}

fn plan() -> NumberingPlan {
    let operator = |id: &str, name: &str, country: &str, networks: &[(&str, &str)], own| Operator {
        id: OperatorId::new(id).unwrap(),
        name: name.to_owned(),
        country: country.to_owned(),
        currency: "GBP".to_owned(),
        networks: networks.iter().map(|(mcc, mnc)| Plmn::new(mcc, mnc).unwrap()).collect(),
        issuer: format!("https://{id}.example/oidc"),
        links: if own { OperatorLinks::default() } else { elsewhere() },
        own,
    };
    let ours = operator("ours", "Operator A", "GB", &[("234", "15"), ("234", "16")], true);
    let theirs = operator("theirs", "Operator B", "ES", &[("214", "07")], false);
    let [our_id, their_id] = [ours.id.clone(), theirs.id.clone()];
    let plan = NumberingPlan::new([
        (ours, vec!["447700".to_owned(), "447400".to_owned()]),
        (theirs, vec!["346".to_owned()]),
    ])
    .unwrap();
    let mut ported = plan.no_ported_numbers();
    for line in ["447700900801,214_07", "447700900802,999_99"] {
        ported.read_line(line).unwrap();
    }
    let ranges = [(our_id, "203.0.113.0/24"), (their_id.clone(), "2001:db8::/32")];
    let plan = plan.with_ported(&ported);
    ranges
        .into_iter()
        .fold(plan, |plan, (id, range)| plan.with_addresses(&id, range.parse().unwrap()).unwrap())
}

/// Encrypts to our operator alone, into a text that tests can read; breaks down for one number.
struct Keys;

/// The number that [`Keys`] breaks down for.
pub(crate) const BREAKS: &str = "447700900999";

#[async_trait]
impl OperatorKeys for Keys {
    async fn encrypt(
        &self,
        operator: &Operator,
        number: &Msisdn,
        expires_at: Timestamp,
    ) -> Result<Option<SubscriberIds>, OperatorKeyError> {
        if number.digits() == BREAKS {
            return Err(OperatorKeyError::NoKey);
        }
        let reversed: String = number.digits().chars().rev().collect();
        Ok(operator.own.then(|| SubscriberIds {
            subscriber_id: format!("{}-{reversed}", operator.id),
            subscriber_id_token: Some(format!("{reversed}.{}", expires_at.as_millis())),
        }))
    }

    async fn decrypt(&self, _: EncryptedNumber<'_>) -> Result<Option<Msisdn>, OperatorKeyError> {
        Ok(None)
    }
}

fn secret(text: &str) -> ClientSecret {
    ClientSecret { digest: Digest::of(text), expires_at: None }
}

fn application(id: &str, operators: &[&str]) -> DiscoveryApplication {
    let credentials = |operator: &&str| {
        let credentials = OperatorCredentials {
            client_id: ClientId::new(&format!("{id}-at-{operator}")).unwrap(),
            client_secret: Secret::new(format!("{id}-{operator}-secret")),
            client_name: "Acme Shop".to_owned(),
        };
        (OperatorId::new(operator).unwrap(), credentials)
    };
    DiscoveryApplication {
        id: ClientId::new(id).unwrap(),
        secrets: vec![secret(&format!("{id}-secret"))],
        redirect_urls: vec![REDIRECT_URL.to_owned(), "http://127.0.0.1/cb".to_owned()],
        may_send_source_ip: id != "local",
        may_omit_secret: id == "shop",
        operator_credentials: operators.iter().map(credentials).collect::<HashMap<_, _>>(),
    }
}

fn client_at_ours(application: &str, enabled: bool) -> Client {
    let id = ClientId::new(&format!("{application}-at-ours")).unwrap();
    Client {
        name: "Acme Shop".to_owned(),
        secrets: vec![secret(&format!("{application}-ours-secret"))],
        scopes: ScopeSet::parse("openid mc_authn").unwrap(),
        enabled,
        ..Client::new(id, Profile::MobileConnect, SectorId::new("shop").unwrap())
    }
}

/// `gone` has credentials of a client that there is not.
fn directory() -> ClientDirectory {
    let clients = ["shop", "local", "a:b+"].map(|id| client_at_ours(id, true));
    let applications = [
        application("shop", &["ours", "theirs"]),
        application("local", &["ours"]),
        application("a:b+", &["ours"]),
        application("disabled", &["ours", "theirs"]),
        application("gone", &["ours", "theirs"]),
    ];
    ClientDirectory::new(
        clients.into_iter().chain([client_at_ours("disabled", false)]),
        applications,
    )
}
