//! Keycloak asks, a link on the phone is answered, Keycloak is told.

use fiador_jose::{Algorithm, SigningKey};
use fiador_testkit::peers::{Behaviour, Event, MessageCentre};
use serde_json::{Value, json};

use crate::world::{Answer, Keycloak, Running, Site, encoded, link_for};

const ANN: &str = "447700900001";
const BEN: &str = "447700900002";
const NOBODY: &str = "447700900099";

/// A gateway whose subscribers ANN and BEN get links.
async fn gateway(keycloak: &Keycloak, centre: &MessageCentre) -> Running {
    let mut site = Site::new().through("only", centre);
    site.more = format!("[egress]\nallow = [\"127.0.0.1\"]\n{}", keycloak.configuration());
    let running = site.start_empty();
    for (id, msisdn) in [("ann", ANN), ("ben", BEN)] {
        let subscriber =
            json!({ "msisdn": msisdn, "status": "active", "authenticators": ["sms_url"] });
        let path = format!("/admin/v1/subscribers/{id}");
        assert_eq!(running.admin("PUT", &path, Some(subscriber)).await.status, 204);
    }
    running.until_connected().await;
    running
}

/// The page behind a link, open on the phone.
struct LinkPage<'a> {
    running: &'a Running,
    link: String,
    html: String,
}

impl<'a> LinkPage<'a> {
    async fn open(running: &'a Running, link: String) -> Self {
        let answer = Answer::read(running.http.get(&link).send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Self { running, link, html: answer.text }
    }

    fn values(&self, field: &str) -> Vec<String> {
        let marker = format!("name=\"{field}\" value=\"");
        let parts = self.html.split(&marker).skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
    }

    async fn submit(&self, name: &str, value: &str) -> u16 {
        let form = encoded([("form", &*self.values("form")[0]), (name, value)]);
        let request = self.running.http.post(&self.link).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.send().await.unwrap().status().as_u16()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_chooses_what_the_till_shows_and_keycloak_hears_it_once() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let keycloak = Keycloak::start().await;
    let running = gateway(&keycloak, &centre).await;
    let token = keycloak.ask(&running, ANN, "47").await;

    let page = LinkPage::open(&running, link_for(&mut centre, ANN).await).await;
    assert!(page.html.contains("portal"), "{}", page.html);
    assert!(!page.html.contains("link-binding-message"), "{}", page.html);
    assert_eq!(page.values("number").len(), 6);
    // A bare click proves nothing (T-107).
    assert_eq!(page.submit("decision", "approve").await, 410);
    assert_eq!(page.submit("number", "47").await, 200);
    assert_eq!(keycloak.outcome(&token).await, "SUCCEED");

    // The same form is answered alike and does nothing more; the token is not good a second time.
    assert_eq!(page.submit("number", "47").await, 200);
    assert_eq!(page.submit("decision", "deny").await, 410);
    let again = keycloak.ask_with(&running, &token, &Keycloak::body(ANN, "47")).await;
    assert_eq!(again.status, 401);
    drop(running);
    assert_eq!(keycloak.told(), [(token, "SUCCEED".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_and_a_wrong_number_are_told_as_a_no() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let keycloak = Keycloak::start().await;
    let running = gateway(&keycloak, &centre).await;

    let denied = keycloak.ask(&running, ANN, "47").await;
    let page = LinkPage::open(&running, link_for(&mut centre, ANN).await).await;
    assert_eq!(page.submit("decision", "deny").await, 200);
    assert_eq!(keycloak.outcome(&denied).await, "CANCELLED");

    let wrong = keycloak.ask(&running, BEN, "47").await;
    let page = LinkPage::open(&running, link_for(&mut centre, BEN).await).await;
    let numbers = page.values("number");
    let other = numbers.iter().find(|number| *number != "47").unwrap();
    assert_eq!(page.submit("number", other).await, 200);
    assert_eq!(page.submit("number", "47").await, 410, "there is no second choice");
    assert_eq!(keycloak.outcome(&wrong).await, "CANCELLED");
    assert_eq!(keycloak.told().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_number_looks_like_one_that_does_not_answer_t_048() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let keycloak = Keycloak::start().await;
    let mut running = gateway(&keycloak, &centre).await;
    let unknown = keycloak.ask(&running, NOBODY, "47").await;
    let silent = keycloak.ask(&running, ANN, "47").await;
    link_for(&mut centre, ANN).await;
    assert_eq!(keycloak.told(), []);

    // The end of the process comes before that of the token, and leaves nobody waiting.
    running.gateway.terminate().unwrap();
    for token in [unknown, silent] {
        assert_eq!(keycloak.outcome(&token).await, "UNAUTHORIZED");
    }
    assert_eq!(keycloak.told().len(), 2);
    let log = running.gateway.log();
    assert!(!log.contains(NOBODY) && !log.contains(ANN), "T-280");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_realm_can_ask_and_nothing_that_has_no_number_to_choose() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let keycloak = Keycloak::start().await;
    let running = gateway(&keycloak, &centre).await;
    let good = Keycloak::body(ANN, "47");
    let with = |name: &str, value: Value| {
        let mut claims = keycloak.claims();
        claims[name] = value;
        keycloak.sign(&claims)
    };
    let other = SigningKey::generate(Algorithm::Rs256).unwrap();
    let forged = other.sign_compact(Some("JWT"), &keycloak.claims()).unwrap();
    for (token, status) in [
        (forged, 401),
        (with("exp", json!(1_767_225_600)), 401),
        (with("iss", json!("https://sso.example/realms/other")), 401),
        (with("aud", json!("account")), 401),
        (with("typ", json!("ID")), 401),
        (with("sid", json!("a session")), 401),
        (with("azp", json!("stranger")), 403),
        ("not.a.token".to_owned(), 401),
    ] {
        assert_eq!(keycloak.ask_with(&running, &token, &good).await.status, status, "{token}");
    }
    for (name, value) in [
        ("binding_message", json!("W4SCT")),
        ("binding_message", json!(null)),
        ("login_hint", json!("ann")),
        ("consent_required", json!(true)),
        ("acr_values", json!("gold")),
    ] {
        let mut body = good.clone();
        body[name] = value;
        let token = keycloak.sign(&keycloak.claims());
        assert_eq!(keycloak.ask_with(&running, &token, &body).await.status, 400, "{body}");
    }
    // It is the operator's own Keycloak that asks: not from outside.
    let public = format!("{}/keycloak/bank/authenticate", running.listener("public"));
    let token = keycloak.sign(&keycloak.claims());
    let request = running.http.post(public).bearer_auth(&token).json(&good);
    assert_eq!(request.send().await.unwrap().status(), 404);

    // None of it has sent a message: the first is that of a good request.
    keycloak.ask(&running, BEN, "47").await;
    let first = centre.next_matching(|event| matches!(event, Event::Submit(_))).await.unwrap();
    let Event::Submit(submit) = first else { unreachable!("only a submit matches") };
    assert_eq!(submit.destination, BEN);
}
