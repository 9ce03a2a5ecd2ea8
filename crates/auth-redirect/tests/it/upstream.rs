//! An OpenID Provider as an authenticator.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use fiador_auth_redirect::{
    Class, LevelMapping, LoginHint, SubjectBinding, UpstreamAuthentication, UpstreamProvider,
    UpstreamSettings,
};
use fiador_domain::{
    client::SigningAlgorithm,
    journey::{Journey, Refusal, Stage},
    routing::Enrolment,
};
use fiador_jose::{Algorithm, Expect, ExpectTyp, VerificationKey, verify_compact};
use fiador_kernel::{Amr, AuthenticatorId, Clock as _, Digest, Loa, Secret};
use fiador_ports::{Authenticator as _, StartError};
use fiador_testkit::{jwt_mutations, share};
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{
    BANK_KEY, COOKIE, ID, NUMBER, OTHER_KEY, PAGE, Routing, Told, World, challenge, get, jwks, live,
};

const OP: &str = "https://op.example";
const TOKEN: &str = "https://op.example/token";
const USERINFO: &str = "https://op.example/me";
const METADATA: &str = "https://op.example/.well-known/openid-configuration";

fn metadata() -> Value {
    json!({
        "issuer": OP, "authorization_endpoint": "https://op.example/auth?tenant=1",
        "token_endpoint": TOKEN, "jwks_uri": "https://op.example/keys",
        "userinfo_endpoint": USERINFO, "authorization_response_iss_parameter_supported": true,
    })
}

fn settings() -> UpstreamSettings {
    let row = |level, acr: &str, amr| LevelMapping {
        level,
        acr: Some(acr.to_owned()),
        amr: vec![Amr::new(amr)],
        amr_mobile_connect: vec![Amr::new("OP_OK")],
    };
    UpstreamSettings {
        id: AuthenticatorId::new(ID).unwrap(),
        display_name: "National ID".to_owned(),
        issuer: OP.to_owned(),
        client_id: "fiador".to_owned(),
        authentication: UpstreamAuthentication::ClientSecret(Secret::new("s:3 cret".to_owned())),
        id_token_signing_alg: None,
        scopes: vec!["phone".to_owned()],
        login_hint: LoginHint::None,
        class: Class::AppKey,
        levels: vec![row(Loa::Three, "urn:high", "mfa"), row(Loa::Two, "urn:low", "user")],
        subject: SubjectBinding::Number { claim: "phone_number".to_owned() },
        enrolment: Enrolment::Listed,
        cost: 0,
    }
}

struct Login {
    world: World,
    provider: Arc<UpstreamProvider>,
    routing: Arc<Routing<UpstreamProvider>>,
    routes: axum::Router,
    journey: Journey,
    asked: BTreeMap<String, String>,
}

impl Login {
    async fn new() -> Self {
        Self::with(NUMBER, |_| {}).await
    }

    async fn with(number: &str, change: impl FnOnce(&mut UpstreamSettings)) -> Self {
        let world = World::new();
        world.fetch.answer(METADATA, 200, &metadata());
        let keys: Value = serde_json::from_str(&jwks(&BANK_KEY)).unwrap();
        world.fetch.answer("https://op.example/keys", 200, &keys);
        let mut settings = settings();
        change(&mut settings);
        let provider = Arc::new(UpstreamProvider::new(settings, world.ports.clone()).unwrap());
        let routing = Routing::new(&world, &provider);
        let routes = provider.routes();
        let journey = routing.login("j", number).await;
        let address = routing.fragment("j").leads_to.unwrap();
        let (_, query) = address.split_once('?').unwrap();
        let asked = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self { world, provider, routing, routes, journey, asked }
    }

    fn claims(&self) -> Value {
        let now = self.world.clock.now().as_seconds();
        json!({
            "iss": OP, "aud": "fiador", "sub": "u-1", "exp": now + 300, "iat": now, "auth_time": now,
            "nonce": self.asked["nonce"], "acr": "urn:low",
            "phone_number": "+34600000001", "phone_number_verified": true,
        })
    }

    /// The provider answers the code with this ID Token.
    fn will_answer(&self, id_token: &str) {
        let tokens = json!({ "access_token": "at", "token_type": "Bearer", "id_token": id_token });
        self.world.fetch.answer_anew(TOKEN, 200, &tokens);
    }

    async fn come_back(&self, changes: &[(&str, Option<&str>)]) -> Told {
        let mut parameters =
            BTreeMap::from([("code", "c-1"), ("state", &*self.asked["state"]), ("iss", OP)]);
        for (name, value) in changes {
            match value {
                Some(value) => parameters.insert(name, value),
                None => parameters.remove(name),
            };
        }
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        get(&self.routes, &format!("/authenticators/bank_app/return?{query}"), Some(COOKIE)).await
    }

    /// Comes back with a code for an ID Token of these claims.
    async fn answered_with(&self, claims: &Value) -> Stage {
        self.will_answer(&signed(claims));
        self.come_back(&[]).await;
        self.routing.stage("j")
    }
}

fn signed(claims: &Value) -> String {
    BANK_KEY.sign_compact(Some("JWT"), claims).unwrap()
}

fn level(stage: &Stage) -> Option<(Loa, &str)> {
    match stage {
        Stage::Verified { evidence, .. } => {
            Some((evidence.level, evidence.amr_rfc8176[0].as_str()))
        }
        _ => None,
    }
}

fn gave_up(stage: &Stage) -> bool {
    matches!(stage, Stage::Challenged { chain, .. } if chain.live.is_empty())
}

#[tokio::test]
async fn the_browser_is_led_to_the_provider_for_a_new_authentication() {
    let login = Login::new().await;
    for (name, value) in [
        ("tenant", "1"),
        ("response_type", "code"),
        ("client_id", "fiador"),
        ("redirect_uri", "https://id.mno.example/authenticators/bank_app/return"),
        ("scope", "openid phone"),
        ("prompt", "login"),
        ("max_age", "0"),
        ("code_challenge_method", "S256"),
        ("acr_values", "urn:high urn:low"),
        ("ui_locales", "en"),
    ] {
        assert_eq!(login.asked[name], value, "{name}");
    }
    assert!(!login.asked.contains_key("login_hint"));
    assert_eq!(live(&login.journey).reference, Some(Digest::of(&login.asked["state"])));
}

#[tokio::test]
async fn a_good_id_token_verifies_with_the_mapped_level() {
    for (acr, expected) in [("urn:low", (Loa::Two, "user")), ("urn:high", (Loa::Three, "mfa"))] {
        let login = Login::new().await;
        let mut claims = login.claims();
        claims["acr"] = json!(acr);
        login.will_answer(&signed(&claims));
        let told = login.come_back(&[]).await;
        assert_eq!((told.status, told.location.as_deref()), (StatusCode::FOUND, Some(PAGE)));
        assert_eq!(level(&login.routing.stage("j")), Some(expected));

        let posted = login.world.fetch.posts(TOKEN).remove(0);
        assert_eq!((&*posted["grant_type"], &*posted["code"]), ("authorization_code", "c-1"));
        let verifier = Digest::of(&posted["code_verifier"]);
        let challenge = fiador_jose::base64url::encode(verifier.as_bytes());
        assert_eq!(challenge, login.asked["code_challenge"]);
        let authorizations = login.world.fetch.authorizations.lock().clone();
        // `fiador:s%3A3+cret`, encoded part by part (RFC 6749 §2.3.1).
        assert!(authorizations.contains(&Some("Basic ZmlhZG9yOnMlM0EzK2NyZXQ=".to_owned())));
    }
}

#[tokio::test]
async fn an_assertion_takes_the_place_of_the_secret() {
    let login = Login::with(NUMBER, |settings| {
        settings.authentication = UpstreamAuthentication::PrivateKeyJwt(SigningAlgorithm::Es256);
    })
    .await;
    assert!(level(&login.answered_with(&login.claims()).await).is_some());
    let posted = login.world.fetch.posts(TOKEN).remove(0);
    let keys = [VerificationKey::from_jwk(login.world.signer.0.public_jwk()).unwrap()];
    let expect = Expect { algorithms: &[Algorithm::Es256], typ: ExpectTyp::AbsentOrJwt };
    let assertion = verify_compact(&posted["client_assertion"], &keys, expect).unwrap();
    let claims: Value = assertion.claims().unwrap();
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (&json!("fiador"), &json!("fiador"), &json!(OP))
    );
}

#[tokio::test]
async fn no_forged_id_token_counts_large_set() {
    let good = Login::new().await;
    let public = serde_json::to_vec(BANK_KEY.public_jwk()).unwrap();
    let mutations = jwt_mutations(&signed(&good.claims()), &[&public]).unwrap();
    // The clock and the seed are the same in every world, and so is the nonce.
    for mutation in share::of(mutations, 9) {
        let login = Login::new().await;
        assert_eq!(login.asked["nonce"], good.asked["nonce"]);
        login.will_answer(&mutation.token);
        login.come_back(&[]).await;
        assert!(gave_up(&login.routing.stage("j")), "{}", mutation.what);
    }
    assert!(level(&good.answered_with(&good.claims()).await).is_some(), "the good one counts");
}

#[tokio::test]
async fn no_id_token_with_a_wrong_claim_counts() {
    let now = World::new().clock.now().as_seconds();
    for (name, values) in [
        ("iss", vec![json!("https://evil.example"), json!("https://op.example/"), json!(1)]),
        ("aud", vec![json!("other"), json!(["fiador", "other"]), json!([]), json!(null)]),
        ("azp", vec![json!("other"), json!(null)]),
        ("exp", vec![json!(now), json!(now - 1), json!("x"), json!(null)]),
        ("iat", vec![json!(now - 61), json!(now + 61), json!(null)]),
        ("auth_time", vec![json!(now - 61), json!(now + 61), json!(null)]),
        ("nonce", vec![json!("x"), json!(""), json!(null)]),
        ("sub", vec![json!(""), json!("s".repeat(256)), json!(null)]),
        ("acr", vec![json!("urn:none"), json!(""), json!(null), json!(3)]),
    ] {
        for value in values {
            let login = Login::new().await;
            let mut claims = login.claims();
            claims[name] = value.clone();
            assert!(gave_up(&login.answered_with(&claims).await), "{name}: {value}");
        }
    }
    let login = Login::new().await;
    login.will_answer(&OTHER_KEY.sign_compact(None, &login.claims()).unwrap());
    login.come_back(&[]).await;
    assert!(gave_up(&login.routing.stage("j")), "another key");
}

#[tokio::test]
async fn somebody_else_at_the_provider_is_not_the_subscriber() {
    for changes in [
        json!({ "phone_number": "+34600000002" }),
        json!({ "phone_number_verified": false }),
        json!({ "phone_number_verified": "true" }),
        json!({ "phone_number": "34600000001" }),
        json!({ "phone_number": 34_600_000_001_u64 }),
    ] {
        let login = Login::new().await;
        let mut claims = login.claims();
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let stage = login.answered_with(&claims).await;
        assert!(matches!(stage, Stage::Refused { reason: Refusal::Failed, .. }), "{changes}");
    }
    // Whoever has an account of their own learns nothing about other numbers (T-048).
    let unknown = Login::with("34600000099", |_| {}).await;
    let stage = unknown.answered_with(&unknown.claims()).await;
    assert!(matches!(stage, Stage::Refused { reason: Refusal::Failed, .. }));
}

#[tokio::test]
async fn a_stored_attribute_can_name_the_person() {
    let by = |attribute: &str| {
        let subject =
            SubjectBinding::Attribute { claim: "sub".to_owned(), attribute: attribute.to_owned() };
        move |settings: &mut UpstreamSettings| settings.subject = subject
    };
    for (attribute, sub, good) in
        [("national_id", "X-1", true), ("national_id", "X-2", false), ("nothing", "X-1", false)]
    {
        let login = Login::with(NUMBER, by(attribute)).await;
        let mut claims = login.claims();
        claims["sub"] = json!(sub);
        assert_eq!(level(&login.answered_with(&claims).await).is_some(), good, "{attribute} {sub}");
    }
}

#[tokio::test]
async fn a_number_that_only_user_info_tells_counts_for_the_same_person() {
    for (sub, good) in [("u-1", true), ("u-2", false)] {
        let login = Login::new().await;
        let told =
            json!({ "sub": sub, "phone_number": "+34600000001", "phone_number_verified": true });
        login.world.fetch.answer(USERINFO, 200, &told);
        let mut claims = login.claims();
        claims.as_object_mut().unwrap().retain(|name, _| !name.starts_with("phone"));
        assert_eq!(level(&login.answered_with(&claims).await).is_some(), good, "{sub}");
    }
}

#[tokio::test]
async fn a_response_of_another_provider_is_not_believed() {
    // RFC 9207 §2.4.
    for iss in [None, Some("https://evil.example"), Some("https://op.example/")] {
        let login = Login::new().await;
        login.will_answer(&signed(&login.claims()));
        login.come_back(&[("iss", iss)]).await;
        assert!(gave_up(&login.routing.stage("j")), "{iss:?}");
        assert!(login.world.fetch.posts(TOKEN).is_empty(), "the code is not sent anywhere");
    }
}

#[tokio::test]
async fn errors_lead_on_and_only_a_denial_ends_the_login() {
    let login = Login::new().await;
    login.come_back(&[("code", None), ("error", Some("access_denied"))]).await;
    assert!(matches!(login.routing.stage("j"), Stage::Refused { reason: Refusal::Denied, .. }));
    for error in ["server_error", "login_required", "x"] {
        let login = Login::new().await;
        login.come_back(&[("code", None), ("error", Some(error))]).await;
        assert!(gave_up(&login.routing.stage("j")), "{error}");
    }
    for (status, body) in
        [(400, json!({ "error": "invalid_grant" })), (200, json!({})), (200, json!([]))]
    {
        let login = Login::new().await;
        login.world.fetch.answer_anew(TOKEN, status, &body);
        login.come_back(&[]).await;
        assert!(gave_up(&login.routing.stage("j")), "{status} {body}");
    }
}

#[tokio::test]
async fn a_response_in_another_browser_or_with_another_state_does_nothing() {
    let login = Login::new().await;
    login.will_answer(&signed(&login.claims()));
    let query = format!(
        "/authenticators/bank_app/return?code=c&iss=https://op.example&state={}",
        login.asked["state"]
    );
    for cookie in [None, Some("x")] {
        let told = get(&login.routes, &query, cookie).await;
        assert_eq!((told.status, told.location), (StatusCode::BAD_REQUEST, None));
    }
    for state in [None, Some(""), Some("x")] {
        login.come_back(&[("state", state)]).await;
    }
    let twice = format!("{query}&code=d");
    assert_eq!(get(&login.routes, &twice, Some(COOKIE)).await.status, StatusCode::BAD_REQUEST);
    assert!(login.routing.is_untouched("j"));
    assert!(login.world.fetch.posts(TOKEN).is_empty());
    login.come_back(&[]).await;
    assert!(level(&login.routing.stage("j")).is_some());
}

#[tokio::test]
async fn a_provider_that_is_down_is_passed_over_for_a_while() {
    let login = Login::new().await;
    login.world.clock.advance(Duration::from_mins(11));
    for bad in [json!({}), json!({ "issuer": "https://evil.example" })] {
        let mut document = metadata();
        document.as_object_mut().unwrap().extend(bad.as_object().unwrap().clone());
        let status = if bad == json!({}) { 503 } else { 200 };
        login.world.fetch.answer_anew(METADATA, status, &document);
        let refused = login.provider.start(challenge(&login.journey), None).await;
        assert!(matches!(refused, Err(StartError::Unavailable)));
        assert!(!login.provider.candidate().available);
        login.world.clock.advance(Duration::from_secs(10));
        assert!(login.provider.candidate().available);
    }
}

#[test]
fn no_setting_raises_a_level_above_its_class_t_101() {
    let world = World::new();
    let refused = |change: fn(&mut UpstreamSettings)| {
        let mut settings = settings();
        change(&mut settings);
        UpstreamProvider::new(settings, world.ports.clone()).err().map(|error| error.setting)
    };
    assert_eq!(refused(|_| {}), None);
    assert_eq!(refused(|settings| settings.class = Class::Click), Some("levels"));
    assert_eq!(refused(|settings| settings.levels[0].acr = None), Some("levels"));
    assert_eq!(refused(|settings| settings.levels.clear()), Some("levels"));
    assert_eq!(refused(|settings| settings.issuer = "op.example".to_owned()), Some("issuer"));
}
