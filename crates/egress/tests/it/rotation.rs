//! Key sets behind `jwks_uri`: when they are fetched, and what happens when they cannot be.

use std::{sync::Arc, time::Duration};

use fiador_domain::client::{Client, ClientKeySource};
use fiador_egress::RegisteredKeys;
use fiador_jose::{Algorithm, SigningKey};
use fiador_ports::{ClientKeyError, ClientKeys as _, FetchError, KeySetError, SignedPurpose};
use fiador_testkit::TestClock;
use parking_lot::Mutex;
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    keys::{client, jwks, key, token},
    server::{Reply, Server, json, ok},
    world::loopback_client,
};

/// A server whose answer tests change, and a client that has its keys there.
struct Scene {
    server: Server,
    answer: Arc<Mutex<Vec<u8>>>,
    clock: TestClock,
    keys: Arc<RegisteredKeys>,
    client: Client,
}

impl Scene {
    async fn new(keys: &[&SigningKey]) -> Self {
        let answer = Arc::new(Mutex::new(set_of(keys)));
        let shown = answer.clone();
        let server = Server::start(move |_| Reply::Bytes(shown.lock().clone())).await;
        let (keys, clock) = registered();
        let client = client(ClientKeySource::Uri(server.url("/jwks")));
        Self { server, answer, clock, keys, client }
    }

    fn show(&self, answer: impl Into<Vec<u8>>) {
        *self.answer.lock() = answer.into();
    }

    async fn verify(&self, key: &SigningKey) -> Result<(), ClientKeyError> {
        verify(&self.keys, &self.client, key).await
    }

    fn wait(&self, duration: Duration) {
        self.clock.advance(duration);
    }
}

fn registered() -> (Arc<RegisteredKeys>, TestClock) {
    let clock = TestClock::new();
    let keys = RegisteredKeys::new(Arc::new(loopback_client()), Arc::new(clock.clone()));
    (Arc::new(keys), clock)
}

async fn verify(
    keys: &RegisteredKeys,
    client: &Client,
    key: &SigningKey,
) -> Result<(), ClientKeyError> {
    keys.verify(client, &token(key), SignedPurpose::ClientAssertion).await.map(drop)
}

fn set_of(keys: &[&SigningKey]) -> Vec<u8> {
    ok("application/jwk-set+json", jwks(keys))
}

fn ec() -> SigningKey {
    key(Algorithm::Es256)
}

const FAILS: &[u8] = b"HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_set_is_fetched_when_first_needed_and_again_after_ten_minutes() {
    let key = ec();
    let scene = Scene::new(&[&key]).await;
    assert_eq!(scene.server.requests(), 0);
    for _ in 0..3 {
        scene.verify(&key).await.unwrap();
    }
    scene.wait(Duration::from_secs(599));
    scene.verify(&key).await.unwrap();
    assert_eq!(scene.server.requests(), 1);
    scene.wait(Duration::from_secs(1));
    scene.verify(&key).await.unwrap();
    assert_eq!(scene.server.requests(), 2);
}

#[tokio::test]
async fn a_new_key_is_found_by_its_unknown_kid() {
    // OpenID Connect Core §10.1.1.
    let (old, new) = (ec(), ec());
    let scene = Scene::new(&[&old]).await;
    scene.verify(&old).await.unwrap();
    scene.show(set_of(&[&new]));
    scene.wait(Duration::from_secs(30));
    scene.verify(&new).await.unwrap();
    assert_eq!(scene.server.requests(), 2);
    // What was taken out of the set is worth nothing any more.
    assert_eq!(scene.verify(&old).await, Err(ClientKeyError::UnknownKey));
}

#[tokio::test]
async fn invented_kids_cost_one_fetch_in_thirty_seconds() {
    // T-260: whoever sends tokens must not make the gateway a source of load.
    let key = ec();
    let scene = Scene::new(&[&key]).await;
    scene.verify(&key).await.unwrap();
    for round in 1..4 {
        scene.wait(Duration::from_secs(29));
        assert_eq!(scene.verify(&ec()).await, Err(ClientKeyError::UnknownKey));
        assert_eq!(scene.server.requests(), round);
        scene.wait(Duration::from_secs(1));
        for _ in 0..3 {
            assert_eq!(scene.verify(&ec()).await, Err(ClientKeyError::UnknownKey));
        }
        assert_eq!(scene.server.requests(), round + 1);
    }
}

#[tokio::test]
async fn the_last_good_set_is_used_for_a_day_when_its_server_fails() {
    let key = ec();
    let scene = Scene::new(&[&key]).await;
    scene.verify(&key).await.unwrap();
    scene.show(FAILS);
    scene.wait(Duration::from_hours(24) - Duration::from_secs(1));
    scene.verify(&key).await.unwrap();
    scene.wait(Duration::from_secs(1));
    let failed = Err(ClientKeyError::KeySet(KeySetError::Status(500)));
    assert_eq!(scene.verify(&key).await, failed);
    scene.show(set_of(&[&key]));
    scene.wait(Duration::from_secs(30));
    scene.verify(&key).await.unwrap();
}

#[tokio::test]
async fn a_server_that_fails_is_left_alone_for_thirty_seconds() {
    let key = ec();
    let scene = Scene::new(&[&key]).await;
    scene.show(FAILS);
    for _ in 0..5 {
        let error = scene.verify(&key).await.unwrap_err();
        assert_eq!(error, ClientKeyError::KeySet(KeySetError::Status(500)));
        assert!(error.is_temporary());
    }
    assert_eq!(scene.server.requests(), 1);
    scene.show(set_of(&[&key]));
    assert!(scene.verify(&key).await.is_err());
    scene.wait(Duration::from_secs(30));
    scene.verify(&key).await.unwrap();
    assert_eq!(scene.server.requests(), 2);
}

#[tokio::test]
async fn many_logins_at_once_share_one_fetch() {
    let (gate, key) = (Arc::new(Semaphore::new(0)), Arc::new(ec()));
    let (opened, document) = (gate.clone(), set_of(&[&key]));
    let server = Server::start(move |_| Reply::After(opened.clone(), document.clone())).await;
    let (keys, _clock) = registered();
    let client = client(ClientKeySource::Uri(server.url("/jwks")));
    let mut logins = JoinSet::new();
    for _ in 0..50 {
        let (keys, client, key) = (keys.clone(), client.clone(), key.clone());
        logins.spawn(async move { verify(&keys, &client, &key).await });
    }
    while server.requests() == 0 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(50);
    assert!(logins.join_all().await.iter().all(Result::is_ok));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_undo_the_fetch() {
    let (gate, key) = (Arc::new(Semaphore::new(0)), ec());
    let (opened, document) = (gate.clone(), set_of(&[&key]));
    let server = Server::start(move |_| Reply::After(opened.clone(), document.clone())).await;
    let (keys, _clock) = registered();
    let client = client(ClientKeySource::Uri(server.url("/jwks")));
    let (token, purpose) = (token(&key), SignedPurpose::ClientAssertion);
    let arrived = async {
        while server.requests() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = keys.verify(&client, &token, purpose) => panic!("the gate is closed"),
        () = arrived => {}
    }
    gate.add_permits(1);
    verify(&keys, &client, &key).await.unwrap();
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_silent_server_does_not_hold_up_other_clients() {
    let key = ec();
    let scene = Scene::new(&[&key]).await;
    let silent = Server::start(|_| Reply::Stalled(Vec::new())).await;
    let stuck = client(ClientKeySource::Uri(silent.url("/jwks")));
    let others = async {
        while silent.requests() == 0 {
            tokio::task::yield_now().await;
        }
        scene.verify(&key).await
    };
    tokio::select! {
        biased;
        outcome = verify(&scene.keys, &stuck, &key) => panic!("{outcome:?} from a silent server"),
        outcome = others => outcome.unwrap(),
    }
}

#[tokio::test]
async fn what_is_no_key_set_is_refused_by_its_reason() {
    // T-081, T-082.
    let key = ec();
    let set = jwks(&[&key]);
    let many: Vec<_> = std::iter::repeat_n(key.public_jwk(), 33).collect();
    let many = serde_json::json!({ "keys": many }).to_string();
    let fetch = KeySetError::Fetch;
    for (answer, reason) in [
        (ok("text/html", &set), KeySetError::ContentType),
        (ok("application/json; charset=utf-8", "<html>"), KeySetError::Malformed),
        (ok("application/json", r#"{"keys":[],"keys":[]}"#), KeySetError::Malformed),
        (ok("application/json", &many), KeySetError::Malformed),
        (ok("application/json", "x".repeat(65 * 1024)), fetch(FetchError::BodyTooLarge)),
        (FAILS.to_vec(), KeySetError::Status(500)),
        (b"HTTP/1.1 302 F\r\nlocation: /\r\n\r\n".to_vec(), fetch(FetchError::Redirected)),
        (b"HTTP/1.1 204 N\r\n\r\n".to_vec(), KeySetError::Status(204)),
        (Vec::new(), fetch(FetchError::Broken)),
    ] {
        let scene = Scene::new(&[]).await;
        scene.show(answer);
        assert_eq!(scene.verify(&key).await, Err(ClientKeyError::KeySet(reason)));
    }
    let (keys, _clock) = registered();
    for (uri, reason) in [
        ("https://10.0.0.1/jwks", FetchError::ForbiddenAddress),
        ("http://8.8.8.8/jwks", FetchError::PlainHttp),
        ("ftp://8.8.8.8/jwks", FetchError::InvalidUrl),
    ] {
        let client = client(ClientKeySource::Uri(uri.to_owned()));
        let outcome = verify(&keys, &client, &key).await;
        assert_eq!(outcome, Err(ClientKeyError::KeySet(fetch(reason))), "{uri}");
    }
}

#[tokio::test]
async fn a_set_may_be_plain_json_and_hold_keys_of_other_kinds() {
    // RFC 7517 §5.
    let key = ec();
    let server = Server::start({
        let other =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let own = serde_json::to_string(key.public_jwk()).unwrap();
        let document = format!(r#"{{"keys":[{other},{own}]}}"#);
        move |_| json(&document)
    })
    .await;
    let (keys, _clock) = registered();
    verify(&keys, &client(ClientKeySource::Uri(server.url("/"))), &key).await.unwrap();
}
