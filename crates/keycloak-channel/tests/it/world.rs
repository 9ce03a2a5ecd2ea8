//! A realm that asks, a person who answers, and whatever lies between.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
    time::Duration,
};

use async_trait::async_trait;
use axum::{Router, body::Body};
use fiador_domain::{
    assurance::Evidence,
    client::{Client, ClientDirectory},
    journey::{Chain, Journey, Refusal, Stage},
    profile::Profile,
    routing::{Need, Route, Unserved},
    subscriber::{Subscriber, SubscriberStatus},
};
use fiador_egress::RegisteredKeys;
use fiador_jose::{Algorithm, JwkSet, SigningKey};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Clock as _, Digest, Language, Loa, Msisdn, SectorId,
    SubscriberId, Timestamp,
};
use fiador_keycloak_channel::{ChannelClient, KeycloakChannel, Ports, RealmSettings};
use fiador_ports::{
    Answer, AuthenticatorRouter, Fetch, FetchError, FetchRequest, FetchResponse, JourneyStoreError,
    Journeys, Known, Referred, Replay, Settled, ShownPrompt, SignedPurpose, StartError, StoreError,
    Versioned,
};
use fiador_testkit::{
    SeededEntropy, TestClock,
    doubles::{MemorySubscribers, OpenVault, active_subscriber},
};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt as _;

pub(crate) const REALM: &str = "https://keycloak.example/realms/bank";
const CERTS: &str = "https://keycloak.example/realms/bank/protocol/openid-connect/certs";
pub(crate) const CALLBACK: &str =
    "https://keycloak.example/realms/bank/protocol/openid-connect/ext/ciba/auth/callback";
pub(crate) const NUMBER: &str = "34600000001";
pub(crate) const UNKNOWN: &str = "34600000099";

pub(crate) static REALM_KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Es256).unwrap());

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) network: Arc<Network>,
    pub(crate) phone: Arc<Phone>,
    people: Arc<MemorySubscribers>,
    pub(crate) channel: Arc<KeycloakChannel>,
    routes: Router,
    /// Makes each token another one.
    tokens: Mutex<u32>,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = TestClock::new();
        let network = Arc::new(Network::default());
        let journeys = Arc::new(MemoryJourneys::default());
        let phone = Arc::new(Phone {
            journeys: journeys.clone(),
            clock: clock.clone(),
            unserved: Mutex::default(),
            start_error: Mutex::default(),
        });
        let people = Arc::new(MemorySubscribers::default());
        let ports = Ports {
            journeys,
            router: phone.clone(),
            clients: Arc::new(applications()),
            numbering: Arc::default(),
            serves_ported_in_numbers: true,
            subscribers: people.clone(),
            vault: Arc::new(OpenVault),
            keys: Arc::new(RegisteredKeys::new(network.clone(), Arc::new(clock.clone()))),
            replay: Arc::new(OneTime::default()),
            fetch: network.clone(),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(3)),
        };
        let channel = Arc::new(KeycloakChannel::new(vec![realm()], ports).unwrap());
        let routes = channel.routes();
        let world =
            Self { clock, network, phone, people, channel, routes, tokens: Mutex::default() };
        world.add_subscriber(NUMBER, SubscriberStatus::Active);
        world
    }

    /// A subscription, or the same one in another state.
    pub(crate) fn add_subscriber(&self, digits: &str, status: SubscriberStatus) {
        let number = Msisdn::from_digits(digits).unwrap();
        let id = SubscriberId::new(&format!("s-{digits}")).unwrap();
        self.people.put(Subscriber {
            status,
            authenticators: vec!["sms_url".to_owned()],
            ..active_subscriber(id, &number)
        });
    }

    pub(crate) fn claims(&self) -> Value {
        let now = self.clock.now().as_seconds();
        let mut tokens = self.tokens.lock();
        *tokens += 1;
        json!({
            "iss": REALM, "aud": REALM, "sub": "u-1", "azp": "shop", "typ": "Bearer",
            "jti": format!("r-{tokens}"), "iat": now, "exp": now + 120,
        })
    }

    pub(crate) async fn ask(&self, number: &str) -> (String, StatusCode) {
        let token = sign(&self.claims());
        let status = self.ask_with(&token, &body(number)).await;
        (token, status)
    }

    pub(crate) async fn ask_with(&self, token: &str, body: &Value) -> StatusCode {
        let request = Request::post("/keycloak/bank/authenticate")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await.0
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

pub(crate) fn realm() -> RealmSettings {
    RealmSettings {
        id: "bank".to_owned(),
        issuer: REALM.to_owned(),
        clients: ["shop", "closed", "gone"]
            .map(|id| ChannelClient {
                keycloak_client_id: id.to_owned(),
                client_id: ClientId::new(&format!("acme-{id}")).unwrap(),
            })
            .into(),
        levels: vec![Loa::Two],
        language: Language::Es,
    }
}

fn applications() -> ClientDirectory {
    let application = |id: &str, enabled| {
        let sector = SectorId::new("acme.example").unwrap();
        let mut client = Client::new(ClientId::new(id).unwrap(), Profile::Oidc, sector);
        (client.name, client.enabled) = ("Acme".to_owned(), enabled);
        client
    };
    let all = [application("acme-shop", true), application("acme-closed", false)];
    ClientDirectory::new(all, [])
}

pub(crate) fn body(number: &str) -> Value {
    json!({
        "login_hint": format!("+{number}"), "binding_message": "47", "scope": "openid profile",
        "consent_required": false, "acr_values": null,
    })
}

pub(crate) fn sign(claims: &Value) -> String {
    REALM_KEY.sign_compact(Some("JWT"), claims).unwrap()
}

/// Keycloak: its keys, and its callback, which remembers what it was told.
#[derive(Default)]
pub(crate) struct Network {
    /// Token and status of each call.
    pub(crate) told: Mutex<Vec<(String, String)>>,
    /// What the callback answers with, the last one first, before it answers with 200.
    pub(crate) answers: Mutex<Vec<Result<u16, FetchError>>>,
}

#[async_trait]
impl Fetch for Network {
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        let answer = |status, body: Vec<u8>| {
            Ok(FetchResponse { status, content_type: Some("application/json".to_owned()), body })
        };
        if request.url == CERTS {
            let set = JwkSet { keys: vec![REALM_KEY.public_jwk().clone()] };
            return answer(200, serde_json::to_vec(&set).unwrap());
        }
        assert_eq!(request.url, CALLBACK);
        let header = request.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
        let token = header.1.strip_prefix("Bearer ").unwrap().to_owned();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        self.told.lock().push((token, body["status"].as_str().unwrap().to_owned()));
        let status = self.answers.lock().pop().unwrap_or(Ok(200));
        answer(status?, Vec::new())
    }
}

/// Journeys in memory; changes are heard of.
#[derive(Default)]
pub(crate) struct MemoryJourneys {
    kept: Mutex<HashMap<Digest, (u64, Journey)>>,
    moved: Notify,
}

#[async_trait]
impl Journeys for MemoryJourneys {
    async fn open(&self, handle: Digest, journey: Journey) -> Result<(), JourneyStoreError> {
        self.kept.lock().insert(handle, (0, journey));
        Ok(())
    }

    async fn read(&self, handle: Digest, now: Timestamp) -> Result<Option<Versioned>, StoreError> {
        let kept = self.kept.lock();
        let live = kept.get(&handle).filter(|(_, journey)| !journey.is_expired(now));
        Ok(live.map(|(version, journey)| Versioned { version: *version, journey: journey.clone() }))
    }

    async fn replace(
        &self,
        handle: Digest,
        version: u64,
        journey: Journey,
    ) -> Result<bool, StoreError> {
        let mut kept = self.kept.lock();
        let entry = kept.get_mut(&handle).filter(|(current, _)| *current == version);
        let won = entry.is_some();
        if let Some(entry) = entry {
            *entry = (version + 1, journey);
            self.moved.notify_waiters();
        }
        Ok(won)
    }

    async fn find_by_reference(
        &self,
        _: Digest,
        _: Timestamp,
    ) -> Result<Option<Referred>, StoreError> {
        Ok(None)
    }

    async fn changed(
        &self,
        handle: Digest,
        version: u64,
        patience: Duration,
    ) -> Result<(), StoreError> {
        let moved = self.moved.notified();
        if self.kept.lock().get(&handle).is_some_and(|(current, _)| *current == version) {
            let _ = tokio::time::timeout(patience, moved).await;
        }
        Ok(())
    }
}

/// Routing, as far as a door sees it: everybody is challenged, and tests answer.
pub(crate) struct Phone {
    journeys: Arc<MemoryJourneys>,
    clock: TestClock,
    pub(crate) unserved: Mutex<Option<Unserved>>,
    pub(crate) start_error: Mutex<Option<StartError>>,
}

impl Phone {
    /// The one journey that is there.
    pub(crate) fn journey(&self) -> Journey {
        let kept = self.journeys.kept.lock();
        assert_eq!(kept.len(), 1);
        kept.values().next().unwrap().1.clone()
    }

    pub(crate) fn approve(&self, level: Loa) {
        self.answer(|stage| {
            stage.verify(Evidence {
                authenticator: AuthenticatorId::new("sms_url").unwrap(),
                level,
                amr_mobile_connect: vec![Amr::new("SMS_URL_OK")],
                amr_rfc8176: vec![Amr::new("sms")],
                at: Timestamp::default(),
            })
        });
    }

    pub(crate) fn refuse(&self, reason: Refusal) {
        self.answer(|stage| stage.refuse(reason, Timestamp::default()));
    }

    fn answer<E: std::fmt::Debug>(&self, next: impl Fn(Stage) -> Result<Stage, E>) {
        for (version, journey) in self.journeys.kept.lock().values_mut() {
            journey.stage = next(journey.stage.clone()).unwrap();
            *version += 1;
        }
        self.journeys.moved.notify_waiters();
    }

    async fn move_on(&self, handle: Digest, next: impl Fn(Stage) -> Stage + Send) -> Versioned {
        let now = self.clock.now();
        let mut read = self.journeys.read(handle, now).await.unwrap().unwrap();
        let before = read.journey.stage.clone();
        read.journey.stage = next(before);
        assert!(self.journeys.replace(handle, read.version, read.journey.clone()).await.unwrap());
        Versioned { version: read.version + 1, journey: read.journey }
    }
}

#[async_trait]
impl AuthenticatorRouter for Phone {
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved> {
        assert!(!need.has_browser);
        match *self.unserved.lock() {
            Some(reason) => Err(reason),
            None => Ok(Route { chain: Vec::new() }),
        }
    }

    async fn start(&self, handle: Digest, _: Known<'_>) -> Result<Versioned, StartError> {
        if let Some(error) = self.start_error.lock().take() {
            return Err(error);
        }
        Ok(self.move_on(handle, |stage| stage.challenge(Chain::default()).unwrap()).await)
    }

    async fn again(&self, _: Digest, _: &AuthenticatorId) -> Result<Versioned, StartError> {
        unreachable!("nobody can ask again here")
    }

    async fn other_way(&self, _: Digest) -> Result<Versioned, StartError> {
        unreachable!("nobody can choose here")
    }

    async fn answer(
        &self,
        _: Digest,
        _: &AuthenticatorId,
        _: &Answer,
    ) -> Result<Settled, StoreError> {
        unreachable!("nobody can type here")
    }

    async fn advance(&self, handle: Digest, read: Versioned) -> Result<Versioned, StoreError> {
        let now = self.clock.now();
        if !read.journey.is_overdue(now) {
            return Ok(read);
        }
        Ok(self.move_on(handle, |stage| stage.refuse(Refusal::TimedOut, now).unwrap()).await)
    }

    async fn abandon(&self, handle: Digest) -> Result<Option<Versioned>, StoreError> {
        let now = self.clock.now();
        let read = self.journeys.read(handle, now).await?;
        if read.as_ref().is_none_or(|read| read.journey.stage.is_final()) {
            return Ok(read);
        }
        Ok(Some(self.move_on(handle, |stage| stage.refuse(Refusal::Denied, now).unwrap()).await))
    }

    fn prompts(&self, _: &Journey, _: Option<&AuthenticatorId>) -> Vec<ShownPrompt> {
        Vec::new()
    }
}

#[derive(Default)]
struct OneTime(Mutex<HashSet<(ClientId, Digest)>>);

#[async_trait]
impl Replay for OneTime {
    async fn first_use(
        &self,
        purpose: SignedPurpose,
        client: &ClientId,
        jti: Digest,
        _: Timestamp,
    ) -> Result<bool, StoreError> {
        assert_eq!(purpose, SignedPurpose::ChannelRequest);
        Ok(self.0.lock().insert((client.clone(), jti)))
    }
}
