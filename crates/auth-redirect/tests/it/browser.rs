//! The browser form.

use fiador_domain::{
    client::{ContentEncryption, Encryption, KeyManagementAlgorithm},
    journey::{Journey, Refusal, Stage},
};
use fiador_jose::jwe::{self, DecryptionKey, KeyManagement};
use fiador_kernel::{Digest, Loa};
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::world::{
    BANK, COOKIE, ISSUER, NUMBER, PAGE, Routing, Told, World, approval, browser_form, get, live,
    request_of, signed,
};
use fiador_auth_redirect::ForeignAuthenticator;

const UNKNOWN: &str = "34600000099";

/// One login under way, and everything around it.
pub(crate) struct Login {
    pub(crate) world: World,
    pub(crate) routing: Arc<Routing<ForeignAuthenticator>>,
    pub(crate) routes: axum::Router,
    pub(crate) journey: Journey,
    pub(crate) request: Value,
}

impl Login {
    pub(crate) async fn new() -> Self {
        Self::with(NUMBER, |_| {}).await
    }

    pub(crate) async fn with(number: &str, change: impl FnOnce(&mut Journey)) -> Self {
        let world = World::new();
        let bank = world.bank(browser_form());
        let routing = Routing::new(&world, &bank);
        let routes = bank.routes();
        let journey = routing.login_with("j", number, change).await;
        let request = request_of(&world, &journey);
        Self { world, routing, routes, journey, request }
    }

    pub(crate) fn approval(&self) -> Value {
        approval(&self.world, &self.request)
    }

    pub(crate) async fn come_back(&self, result: &str) -> Told {
        self.come_back_as(result, Some(COOKIE)).await
    }

    pub(crate) async fn come_back_as(&self, result: &str, cookie: Option<&str>) -> Told {
        let query: String = form_urlencoded::byte_serialize(result.as_bytes()).collect();
        get(&self.routes, &format!("/authenticators/bank_app/return?result={query}"), cookie).await
    }
}

#[tokio::test]
async fn the_browser_is_led_to_the_bank_with_a_signed_request() {
    let login = Login::new().await;
    let leads_to = login.routing.fragment("j").leads_to.unwrap();
    assert!(leads_to.starts_with("https://bank.example/authorize?request=ey"), "{leads_to}");
    let now = login.request["iat"].as_i64().unwrap();
    for (claim, value) in [
        ("version", json!(1)),
        ("iss", json!(ISSUER)),
        ("aud", json!(BANK)),
        ("form", json!("browser")),
        ("acr_values", json!(["2"])),
        ("client_name", json!("Acme Shop")),
        ("binding_message", json!("K7")),
        ("language", json!("en")),
        ("exp", json!(now + 300)),
        ("return_uri", json!("https://id.mno.example/authenticators/bank_app/return")),
    ] {
        assert_eq!(login.request[claim], value, "{claim}");
    }
    for absent in ["phone_number", "result_uri", "numbers", "context", "test_outcome"] {
        assert!(login.request.get(absent).is_none(), "{absent}");
    }
    assert_eq!(login.request["sub"].as_str().unwrap().len(), 43);
    let transaction = login.request["transaction"].as_str().unwrap();
    assert_eq!(live(&login.journey).reference, Some(Digest::of(transaction)));
}

#[tokio::test]
async fn an_approval_verifies_and_leads_back_to_the_waiting_page() {
    let login = Login::new().await;
    let told = login.come_back(&signed(&login.approval())).await;
    assert_eq!((told.status, told.location.as_deref()), (StatusCode::FOUND, Some(PAGE)));
    let Stage::Verified { evidence, .. } = login.routing.stage("j") else { panic!() };
    assert_eq!(evidence.level, Loa::Two);
    assert_eq!(evidence.amr_rfc8176[0].as_str(), "user");
    assert_eq!(evidence.amr_mobile_connect[0].as_str(), "APP_OK");
}

#[tokio::test]
async fn two_factors_on_the_device_are_worth_level_three() {
    let login = Login::with(NUMBER, |journey| asks(journey, &[Loa::Three])).await;
    let mut result = login.approval();
    result["evidence"] = json!(["device_bound_key", "user_verification", "user_presence"]);
    login.come_back(&signed(&result)).await;
    let Stage::Verified { evidence, .. } = login.routing.stage("j") else { panic!() };
    assert_eq!((evidence.level, evidence.amr_rfc8176[0].as_str()), (Loa::Three, "mfa"));
}

#[tokio::test]
async fn evidence_below_the_request_proves_nothing_t_100() {
    let low = json!(["possession", "user_presence"]);
    for (levels, evidence) in [
        (vec![Loa::Three], low.clone()),
        (vec![Loa::Two], json!(["user_presence"])),
        (vec![], json!([])),
        (vec![Loa::Four], json!(["device_bound_key", "user_verification", "identity_proofed"])),
    ] {
        let login = Login::with(NUMBER, |journey| asks(journey, &levels)).await;
        let mut result = login.approval();
        result["evidence"] = evidence;
        login.come_back(&signed(&result)).await;
        let Stage::Challenged { chain, .. } = login.routing.stage("j") else { panic!() };
        assert!(chain.live.is_empty(), "the next authenticator is tried");
    }
}

#[tokio::test]
async fn a_denial_ends_the_login_and_a_failure_leads_on() {
    let login = Login::new().await;
    let mut result = login.approval();
    result["outcome"] = json!("denied");
    let told = login.come_back(&signed(&result)).await;
    assert_eq!(told.location.as_deref(), Some(PAGE));
    assert!(matches!(login.routing.stage("j"), Stage::Refused { reason: Refusal::Denied, .. }));

    let login = Login::new().await;
    let mut result = login.approval();
    result["outcome"] = json!("failed");
    login.come_back(&signed(&result)).await;
    assert!(
        matches!(login.routing.stage("j"), Stage::Challenged { chain, .. } if chain.live.is_empty())
    );
}

#[tokio::test]
async fn a_result_in_another_browser_does_nothing_t_102() {
    let login = Login::new().await;
    let result = signed(&login.approval());
    for cookie in [None, Some("somebody else's secret"), Some("")] {
        let told = login.come_back_as(&result, cookie).await;
        assert_eq!((told.status, told.location), (StatusCode::BAD_REQUEST, None), "{cookie:?}");
        assert!(login.routing.is_untouched("j"));
    }
    login.come_back(&result).await;
    assert!(matches!(login.routing.stage("j"), Stage::Verified { .. }));
}

#[tokio::test]
async fn a_result_counts_once() {
    let login = Login::new().await;
    let result = signed(&login.approval());
    login.come_back(&result).await;
    let verified = login.routing.stage("j");
    let told = login.come_back(&result).await;
    assert_eq!((told.status, told.location), (StatusCode::BAD_REQUEST, None));
    assert_eq!(login.routing.stage("j"), verified);
}

#[tokio::test]
async fn an_unknown_number_looks_the_same_and_is_never_verified_t_048() {
    let known = Login::new().await;
    let unknown = Login::with(UNKNOWN, |_| {}).await;
    let members = |login: &Login| -> Vec<String> {
        login.request.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(members(&known), members(&unknown));
    let length = |login: &Login| login.routing.fragment("j").leads_to.unwrap().len();
    assert_eq!(length(&known), length(&unknown));
    assert_ne!(known.request["sub"], unknown.request["sub"]);

    let told = unknown.come_back(&signed(&unknown.approval())).await;
    assert_eq!(told.location.as_deref(), Some(PAGE));
    assert!(
        matches!(unknown.routing.stage("j"), Stage::Challenged { chain, .. } if chain.live.is_empty())
    );
}

#[tokio::test]
async fn a_number_travels_only_encrypted_and_padded() {
    let key = DecryptionKey::generate(KeyManagement::EcdhEs).unwrap();
    let bank_key = crate::world::BANK_KEY.public_jwk();
    let set = json!({ "keys": [bank_key, key.public_jwk()] }).to_string();
    let mut lengths = Vec::new();
    for (number, told) in [(NUMBER, Some("+34600000001")), (UNKNOWN, None)] {
        let world = World::new();
        let bank = world.bank_with(browser_form(), |settings| {
            settings.keys = fiador_domain::client::ClientKeySource::Inline(set.clone());
            settings.sends_phone_number = true;
            settings.request_encryption = Some(Encryption {
                alg: KeyManagementAlgorithm::EcdhEs,
                enc: ContentEncryption::A256Gcm,
            });
        });
        let routing = Routing::new(&world, &bank);
        routing.login("j", number).await;
        let leads_to = routing.fragment("j").leads_to.unwrap();
        lengths.push(leads_to.len());
        let (_, token) = leads_to.split_once("request=").unwrap();
        let opened = jwe::decrypt(token, [&key], &[jwe::ContentEncryption::A256Gcm]).unwrap();
        assert_eq!(opened.cty.as_deref(), Some("JWT"));
        let claims = crate::world::open(&world, std::str::from_utf8(&opened.plaintext).unwrap());
        assert_eq!(claims.get("phone_number").and_then(Value::as_str), told);
    }
    assert_eq!(lengths[0], lengths[1], "the length tells nothing");

    let world = World::new();
    let mut settings = crate::world::bank(browser_form());
    settings.sends_phone_number = true;
    let refused = ForeignAuthenticator::new(settings, world.ports.clone()).err().unwrap();
    assert_eq!(refused.setting, "sends_phone_number");
}

#[tokio::test]
async fn two_authenticators_know_a_person_by_different_names() {
    let world = World::new();
    let mut names = Vec::new();
    for id in ["bank_app", "other_app"] {
        let bank = world.bank_with(browser_form(), |settings| {
            settings.id = fiador_kernel::AuthenticatorId::new(id).unwrap();
        });
        let routing = Routing::new(&world, &bank);
        let journey = routing.login(id, NUMBER).await;
        let again = routing.login("again", NUMBER).await;
        let name = request_of(&world, &journey)["sub"].clone();
        assert_eq!(name, request_of(&world, &again)["sub"], "and by the same one each time");
        names.push(name);
    }
    assert_ne!(names[0], names[1]);
}

fn asks(journey: &mut Journey, levels: &[Loa]) {
    let mut ask = (*journey.ask).clone();
    ask.levels = levels.to_vec();
    journey.ask = Arc::new(ask);
}
