//! A gateway with one subscriber and one authenticator that is not its own, told as a story.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Weak},
};

use async_trait::async_trait;
use axum::{Router, body::Body};
use fiador_auth_redirect::{
    Class, EvidenceRow, EvidenceTable, Fact, ForeignAuthenticator, ForeignForm, ForeignSettings,
    Ports, add_messages,
};
use fiador_domain::{
    client::{ClientKeySource, SigningAlgorithm},
    journey::{
        Ask, Chain, Delivery, DoorState, Ending, Journey, Origin, Prompt, Refusal, Stage, Subject,
        Tried,
    },
    profile::Profile,
    routing::Enrolment,
    subscriber::{Attributes, Subscriber},
};
use fiador_egress::RegisteredKeys;
use fiador_http_kit::{Assets, Brand, CookiePolicy, Messages, Pages};
use fiador_jose::{Algorithm, Expect, ExpectTyp, JwkSet, SigningKey, VerificationKey};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Clock as _, Digest, Issuer, JourneyId, Language, Loa, Msisdn,
    ScopeSet, SubscriberId, Timestamp,
};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Pending, PromptFragment, Prompts, Settled,
    StoreError, Vault as _, Versioned,
};
use fiador_testkit::{
    SeededEntropy, TestClock,
    doubles::{MemorySubscribers, OpenVault, active_subscriber},
};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::fakes::{FakeFetch, FakeSigner};

pub(crate) const ISSUER: &str = "https://id.mno.example";
pub(crate) const BANK: &str = "https://bank.example";
pub(crate) const ID: &str = "bank_app";
pub(crate) const COOKIE: &str = "the browser's secret";
pub(crate) const PAGE: &str = "https://id.mno.example/journey/h";
pub(crate) const NUMBER: &str = "34600000001";

/// The bank's key, and one that is nobody's.
pub(crate) static BANK_KEY: LazyLock<SigningKey> = LazyLock::new(key);
pub(crate) static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(key);

fn key() -> SigningKey {
    SigningKey::generate(Algorithm::Es256).unwrap()
}

pub(crate) fn jwks(key: &SigningKey) -> String {
    serde_json::to_string(&JwkSet { keys: vec![key.public_jwk().clone()] }).unwrap()
}

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) fetch: Arc<FakeFetch>,
    pub(crate) signer: Arc<FakeSigner>,
    pub(crate) subscribers: Arc<MemorySubscribers>,
    prompts: Arc<ToRouting>,
    pub(crate) ports: Ports,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = TestClock::new();
        let fetch = Arc::new(FakeFetch::default());
        let signer = Arc::new(FakeSigner(key()));
        let subscribers = Arc::new(MemorySubscribers::default());
        let prompts = Arc::new(ToRouting::default());
        let messages = add_messages(Messages::builder().unwrap()).unwrap().build().unwrap();
        let pages = Pages::new(Brand::new("MNO"), messages, Assets::builder());
        let ports = Ports {
            issuer: Issuer::new(ISSUER, false).unwrap(),
            signer: signer.clone(),
            keys: Arc::new(RegisteredKeys::new(fetch.clone(), Arc::new(clock.clone()))),
            fetch: fetch.clone(),
            subscribers: subscribers.clone(),
            vault: Arc::new(OpenVault),
            prompts: prompts.clone(),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(7)),
            pages: Arc::new(pages),
            cookies: CookiePolicy { secure: true },
        };
        let world = Self { clock, fetch, signer, subscribers, prompts, ports };
        world.add_subscriber(NUMBER);
        world
    }

    fn add_subscriber(&self, digits: &str) {
        let number = Msisdn::from_digits(digits).unwrap();
        let id = SubscriberId::new(&format!("s-{digits}")).unwrap();
        let attributes = Attributes([("national_id".to_owned(), json!("X-1"))].into());
        self.subscribers.put(Subscriber {
            authenticators: vec![ID.to_owned()],
            attributes_sealed: OpenVault.seal_attributes(&attributes),
            ..active_subscriber(id, &number)
        });
    }

    /// The bank, asked in this form.
    pub(crate) fn bank(&self, form: ForeignForm) -> Arc<ForeignAuthenticator> {
        self.bank_with(form, |_| {})
    }

    pub(crate) fn bank_with(
        &self,
        form: ForeignForm,
        change: impl FnOnce(&mut ForeignSettings),
    ) -> Arc<ForeignAuthenticator> {
        let mut settings = bank(form);
        change(&mut settings);
        Arc::new(ForeignAuthenticator::new(settings, self.ports.clone()).unwrap())
    }
}

/// The bank's registration.
pub(crate) fn bank(form: ForeignForm) -> ForeignSettings {
    let row = |facts: &[Fact], level, amr| EvidenceRow {
        facts: facts.iter().copied().collect(),
        level,
        amr: vec![Amr::new(amr)],
        amr_mobile_connect: vec![Amr::new("APP_OK")],
    };
    let rows = vec![
        row(&[Fact::DeviceBoundKey, Fact::UserVerification], Loa::Three, "mfa"),
        row(&[Fact::Possession, Fact::UserPresence], Loa::Two, "user"),
    ];
    ForeignSettings {
        id: AuthenticatorId::new(ID).unwrap(),
        display_name: "Bank App".to_owned(),
        issuer: BANK.to_owned(),
        form,
        keys: ClientKeySource::Inline(jwks(&BANK_KEY)),
        result_signing_alg: None,
        request_signing_alg: SigningAlgorithm::Es256,
        request_encryption: None,
        sends_phone_number: false,
        evidence: EvidenceTable::new(Class::AppKey, rows).unwrap(),
        enrolment: Enrolment::Listed,
        cost: 0,
    }
}

pub(crate) fn browser_form() -> ForeignForm {
    ForeignForm::Browser { authorization_endpoint: format!("{BANK}/authorize") }
}

/// One authenticator behind a routing that keeps to its promises: one journey for each name.
pub(crate) struct Routing<A> {
    pub(crate) adaptor: Arc<A>,
    clock: TestClock,
    pub(crate) journeys: Mutex<HashMap<String, Journey>>,
}

impl<A: Authenticator + 'static> Routing<A> {
    pub(crate) fn new(world: &World, adaptor: &Arc<A>) -> Arc<Self> {
        let (adaptor, clock) = (Arc::clone(adaptor), world.clock.clone());
        let routing = Arc::new(Self { adaptor, clock, journeys: Mutex::default() });
        let prompts: Arc<dyn Prompts> = routing.clone();
        *world.prompts.0.lock() = Some(Arc::downgrade(&prompts));
        routing
    }

    /// A login of somebody with this number, whose prompt is started.
    pub(crate) async fn login(&self, name: &str, digits: &str) -> Journey {
        self.login_with(name, digits, |_| {}).await
    }

    pub(crate) async fn login_with(
        &self,
        name: &str,
        digits: &str,
        change: impl FnOnce(&mut Journey),
    ) -> Journey {
        let mut journey = self.open(name, digits);
        change(&mut journey);
        let started = self.adaptor.start(challenge(&journey), None).await.unwrap();
        let prompt = Prompt {
            authenticator: AuthenticatorId::new(ID).unwrap(),
            state: started.state,
            at: self.clock.now(),
            reference: started.reference,
            delivery: Delivery::Unknown,
        };
        let chain = Chain { live: vec![prompt], ..Chain::default() };
        journey.stage = journey.stage.challenge(chain).unwrap();
        self.journeys.lock().insert(name.to_owned(), journey.clone());
        journey
    }

    fn open(&self, name: &str, digits: &str) -> Journey {
        let number = Msisdn::from_digits(digits).unwrap();
        let known = digits == NUMBER;
        let now = self.clock.now();
        Journey {
            id: JourneyId::new(name).unwrap(),
            ask: Arc::new(Ask {
                client: ClientId::new("shop").unwrap(),
                client_name: "Acme Shop".to_owned(),
                profile: Profile::Oidc,
                scopes: ScopeSet::default(),
                levels: vec![Loa::Two],
                levels_voluntary: false,
                context: None,
                binding_message: Some("K7".to_owned()),
                prompt: [].into(),
                reveals_state: false,
                language: Language::En,
            }),
            door: DoorState { door: "authorize".to_owned(), content: "{}".into() },
            browser: Some(Digest::of(COOKIE)),
            page: Some(PAGE.into()),
            origin: Origin::default(),
            opened_at: now,
            expires_at: now + fiador_domain::journey::LIFETIME,
            stage: Stage::Identified {
                subject: Subject {
                    subscriber: known.then(|| SubscriberId::new(&format!("s-{digits}")).unwrap()),
                    msisdn_index: OpenVault.msisdn_index(&number),
                    number_block: Digest::of(number.block()),
                    masked: number.to_string(),
                },
            },
        }
    }

    pub(crate) fn stage(&self, name: &str) -> Stage {
        self.journeys.lock()[name].stage.clone()
    }

    pub(crate) fn fragment(&self, name: &str) -> PromptFragment {
        let journey = self.journeys.lock()[name].clone();
        let prompt = live(&journey);
        self.adaptor.prompt(challenge(&journey), &prompt, false)
    }

    /// Who moved since `before`.
    pub(crate) fn is_untouched(&self, name: &str) -> bool {
        matches!(self.stage(name), Stage::Challenged { chain, .. } if chain.live.len() == 1)
    }
}

pub(crate) fn live(journey: &Journey) -> Prompt {
    match &journey.stage {
        Stage::Challenged { chain, .. } => chain.live[0].clone(),
        other => panic!("the journey is {}", other.name()),
    }
}

pub(crate) fn subject(journey: &Journey) -> Subject {
    match &journey.stage {
        Stage::Identified { subject } | Stage::Challenged { subject, .. } => subject.clone(),
        other => panic!("the journey is {}", other.name()),
    }
}

/// What the adaptor is told. Leaks a subject: tests are short.
pub(crate) fn challenge(journey: &Journey) -> Challenge<'_> {
    Challenge {
        journey: &journey.id,
        ask: &journey.ask,
        subject: Box::leak(Box::new(subject(journey))),
        number: None,
        origin: &journey.origin,
        page: journey.page.as_deref(),
        expires_at: journey.expires_at,
    }
}

#[async_trait]
impl<A: Authenticator + 'static> Prompts for Routing<A> {
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError> {
        let journeys = self.journeys.lock();
        Ok(journeys.values().find_map(|journey| match &journey.stage {
            Stage::Challenged { chain, .. } => chain
                .prompt_with(reference)
                .map(|prompt| Pending { journey: journey.clone(), prompt: prompt.clone() }),
            _ => None,
        }))
    }

    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError> {
        let Some(Pending { mut journey, prompt }) = self.find(reference).await? else {
            return Ok(Settled::TooLate(None));
        };
        let Ok(state) = self.adaptor.admit(&prompt.state) else {
            return Ok(Settled::TooLate(None));
        };
        let answered = self.adaptor.evaluate(challenge(&journey), &state, answer).await?;
        let Stage::Challenged { chain, .. } = &mut journey.stage else { unreachable!() };
        let mut wrong = false;
        match answered {
            Answered::Verified(evidence) => {
                journey.stage = journey.stage.verify(evidence).expect("a known subscriber");
            }
            Answered::Wrong => {
                chain.live[0].state = state;
                wrong = true;
            }
            Answered::Failed => journey.stage = refuse(journey.stage, Refusal::Failed),
            Answered::Denied => journey.stage = refuse(journey.stage, Refusal::Denied),
            Answered::GaveUp => {
                chain.live.clear();
                let at = self.clock.now();
                let authenticator = prompt.authenticator;
                chain.tried.push(Tried { authenticator, ending: Ending::Undelivered, at });
            }
        }
        // The compare-and-set: whoever came in between has won.
        let mut journeys = self.journeys.lock();
        let kept = journeys.get_mut(journey.id.as_str()).unwrap();
        if !kept.references().any(|live| live == reference) {
            return Ok(Settled::TooLate(None));
        }
        *kept = journey.clone();
        let versioned = Versioned { version: 1, journey };
        Ok(if wrong { Settled::Wrong(versioned) } else { Settled::Moved(versioned) })
    }

    async fn report(&self, reference: Digest, delivery: Delivery) -> Result<(), StoreError> {
        for journey in self.journeys.lock().values_mut() {
            if let Stage::Challenged { chain, .. } = &mut journey.stage {
                for prompt in &mut chain.live {
                    if prompt.reference == Some(reference) {
                        prompt.delivery = delivery;
                    }
                }
            }
        }
        Ok(())
    }
}

fn refuse(stage: Stage, reason: Refusal) -> Stage {
    stage.refuse(reason, Timestamp::default()).unwrap()
}

/// The claims of the request that the browser carries, or the journey keeps; checked as the bank does.
pub(crate) fn request_of(world: &World, journey: &Journey) -> Value {
    let state = live(journey).state;
    let request = state["request"].as_str().unwrap();
    let token = match request.split_once("request=") {
        Some((_, token)) => token,
        None => request,
    };
    open(world, token)
}

pub(crate) fn open(world: &World, token: &str) -> Value {
    let keys = [VerificationKey::from_jwk(world.signer.0.public_jwk()).unwrap()];
    let typ = ExpectTyp::Exactly("fiador-authn-request+jwt");
    let expect = Expect { algorithms: &[Algorithm::Es256], typ };
    fiador_jose::verify_compact(token, &keys, expect).unwrap().claims().unwrap()
}

/// A result as the bank would make it.
pub(crate) fn approval(world: &World, request: &Value) -> Value {
    let now = world.clock.now().as_seconds();
    json!({
        "version": 1, "iss": BANK, "aud": ISSUER, "iat": now, "exp": now + 120, "jti": "j-1",
        "transaction": request["transaction"], "nonce": request["nonce"], "sub": request["sub"],
        "outcome": "approved", "evidence": ["possession", "user_presence"],
    })
}

pub(crate) fn signed(claims: &Value) -> String {
    BANK_KEY.sign_compact(Some("fiador-authn-result+jwt"), claims).unwrap()
}

/// What a browser or another server is told.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

pub(crate) async fn get(routes: &Router, path: &str, cookie: Option<&str>) -> Told {
    let mut request = Request::get(path);
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("__Host-fiador_browser={cookie}"));
    }
    told(routes, request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn post(routes: &Router, path: &str, form: &[(&str, &str)]) -> Told {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(form);
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    told(routes, request.body(Body::from(body.finish())).unwrap()).await
}

async fn told(routes: &Router, request: Request<Body>) -> Told {
    let response = routes.clone().oneshot(request).await.unwrap();
    let location = response.headers().get("location").map(|at| at.to_str().unwrap().to_owned());
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Told { status, location, body: String::from_utf8_lossy(&body).into_owned() }
}

/// What adaptors are given before there is a routing: it holds them, so they do not hold it.
#[derive(Default)]
struct ToRouting(Mutex<Option<Weak<dyn Prompts>>>);

impl ToRouting {
    fn routing(&self) -> Arc<dyn Prompts> {
        self.0.lock().as_ref().and_then(Weak::upgrade).expect("a routing")
    }
}

#[async_trait]
impl Prompts for ToRouting {
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError> {
        self.routing().find(reference).await
    }

    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError> {
        self.routing().answer(reference, answer).await
    }

    async fn report(&self, reference: Digest, delivery: Delivery) -> Result<(), StoreError> {
        self.routing().report(reference, delivery).await
    }
}
