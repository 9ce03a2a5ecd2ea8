//! Applications that are created while the gateway runs.

use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    postgres::Server,
};
use serde_json::{Value, json};

use crate::world::{
    Answer, Application, AuthorizationRequest, Provider, REDIRECT_URI, Running, Site, eventually,
};

const APPS: &str = "/admin/v1/apps";

fn registration() -> Value {
    json!({
        "name": "Newcomer", "profile": "oidc", "redirect_uris": [REDIRECT_URI],
        "scopes": ["openid"], "require_pkce": false,
    })
}

async fn create(running: &Running, changes: Value) -> Answer {
    let mut body = registration();
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    running.admin("POST", APPS, Some(body)).await
}

/// The created application as a service provider at a node.
fn provider(running: &Running, created: &Answer) -> Provider {
    let application = Application {
        profile: "oidc".to_owned(),
        client_id: created.member("client_id"),
        client_secret: created.member("client_secret"),
        ..Application::default()
    };
    Provider { application, ..running.provider("oidc") }
}

/// Whether a login of the client could begin.
async fn is_known(provider: &Provider) -> bool {
    let start = AuthorizationRequest::of(&provider.application).encoded();
    let answer = provider.get(&format!("authorize?{start}"), None).await;
    assert!([302, 400].contains(&answer.status), "{answer:?}");
    answer.status == 302
}

#[tokio::test]
async fn a_created_application_can_log_people_in_until_it_is_removed() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let mut running = site.start().await;
    running.until_connected().await;
    let created = create(&running, json!({})).await;
    assert_eq!((created.status, created.header("cache-control")), (201, "no-store"), "{created:?}");
    assert_eq!(created.json()["client_secret_expires_at"], 0);
    let id = created.member("client_id");
    assert_eq!(created.member("sector"), id, "T-067: a loopback address is nobody's site");
    let secret = created.member("client_secret");
    assert_eq!((id.len(), secret.len()), (22, 43), "T-060");

    let log_in = async |running: &Running, centre: &mut MessageCentre| {
        let provider = provider(running, &created);
        let start = provider.start(&provider.request().for_number("447700900001"));
        let landing = running.log_in(&mut running.user("447700900001"), &start, centre).await;
        provider.tokens(landing.code()).await
    };
    log_in(&running, &mut centre).await;

    // It is told without its secret, and survives a restart.
    assert!(running.gateway.terminate().unwrap().success());
    running.gateway.start_again().unwrap();
    running.until_connected().await;
    let one = running.admin("GET", &format!("{APPS}/{id}"), None).await;
    assert_eq!((one.status, one.member("name").as_str()), (200, "Newcomer"));
    for hidden in [secret.as_str(), "client_secret\"", "sha256"] {
        assert!(!one.text.contains(hidden), "T-060: {one:?}");
    }
    let all = running.admin("GET", APPS, None).await.json();
    assert_eq!(all, json!([one.json()]), "configured applications are not in the list");
    let database = std::fs::read(site.file("fiador.db")).unwrap();
    assert!(!database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "T-060");
    let tokens = log_in(&running, &mut centre).await;

    let path = format!("{APPS}/{id}");
    assert_eq!(running.admin("DELETE", &path, None).await.status, 204);
    let gone = running.admin("DELETE", &path, None).await;
    assert_eq!((gone.status, gone.member("code")), (404, "application.unknown".to_owned()));
    assert!(!is_known(&provider(&running, &created)).await);
    let resource = running.provider("oidc").attributes("userinfo", &tokens.access_token).await;
    assert_eq!(resource.status, 401, "its tokens have ended");
}

#[tokio::test]
async fn a_body_may_speak_as_dynamic_registration_does() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    for application_type in ["web", "native"] {
        // OpenID Connect Registration §2.
        let body = json!({
            "client_name": "Newcomer", "response_types": ["code"],
            "application_type": application_type,
            "profile": "oidc", "redirect_uris": [REDIRECT_URI], "scopes": ["openid"],
        });
        let answer = running.admin("POST", APPS, Some(body)).await;
        let told = (answer.status, answer.member("name"));
        assert_eq!(told, (201, "Newcomer".to_owned()), "{answer:?}");
    }
    let both = create(&running, json!({"client_name": "Newcomer"})).await;
    assert_eq!(both.status, 201, "{both:?}");
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_told() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    let cases = [
        (json!({"name": "seventeen letters"}), "16 characters"),
        (json!({"name": "evil.example"}), "address"),
        (json!({"profile": "fapi"}), "unknown variant"),
        (json!({"redirect_uris": []}), "redirect URI"),
        (json!({"redirect_uris": ["https://a.example/#x"]}), "fragment"),
        (json!({"redirect_uris": ["https://a.example/", "https://b.example/"]}), "sector"),
        (json!({"scopes": ["everything"]}), "catalogue"),
        (json!({"colour": "green"}), "unknown field"),
        (json!({"client_name": "Another"}), "differ"),
        (json!({"client_name": 7}), "differ"),
        (json!({"response_types": ["code", "token"]}), "response_types"),
        (json!({"response_types": "code"}), "response_types"),
        (json!({"application_type": "browser"}), "application_type"),
        (json!({"client_id": "mine"}), "made by the gateway"),
        (json!({"client_secret_sha256": ["00"]}), "made by the gateway"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "needs jwks"),
        (json!({"jwks": {"keys": []}}), "no usable key"),
        (json!({"jwks": {"keys": []}, "jwks_uri": "https://a.example/jwks"}), "keep one"),
        (json!({"userinfo_encrypted_response_alg": "dir"}), "unknown variant"),
        (
            json!({"token_endpoint_auth_method": "none", "grant_types": ["client_credentials"]}),
            "authenticates",
        ),
        // Nobody listens there, and a private address would not be asked either (T-081).
        (json!({"sector_identifier_uri": "https://127.0.0.1:1/uris"}), "sector_identifier_uri"),
    ];
    for (changes, words) in cases {
        let answer = create(&running, changes.clone()).await;
        let told = (answer.status, answer.member("code"));
        assert_eq!(told, (422, "application.invalid".to_owned()), "{changes}: {answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(answer.member("detail").contains(words), "{changes}: {answer:?}");
    }
    let listed = running.admin("GET", APPS, None).await.json();
    assert_eq!(listed, json!([]));
    let unknown = running.admin("GET", "/admin/v1/apps/shop", None).await;
    assert_eq!(unknown.status, 404, "a configured one is not to be found here");
    let url = format!("{}{APPS}", running.listener("admin"));
    let open = running.http.post(url).json(&registration()).send().await.unwrap();
    assert_eq!(open.status(), 401, "T-220");
}

#[tokio::test]
async fn other_nodes_learn_of_it_within_seconds() {
    let database = Server::shared().unwrap().database().unwrap();
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.database_url = database.url().to_owned();
    let (a, b) = (site.start_empty(), site.node().start_empty());
    let created = create(&a, json!({})).await;
    let (at_a, at_b) = (provider(&a, &created), provider(&b, &created));
    assert!(is_known(&at_a).await);
    eventually("the other node knows it", async || is_known(&at_b).await.then_some(())).await;
    let path = format!("{APPS}/{}", created.member("client_id"));
    assert_eq!(b.admin("DELETE", &path, None).await.status, 204);
    assert!(!is_known(&at_b).await);
    eventually("the first forgets it", async || (!is_known(&at_a).await).then_some(())).await;
}
