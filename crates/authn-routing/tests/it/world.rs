//! A router in a world of its own.

use std::{sync::Arc, sync::atomic::Ordering, time::Duration};

use fiador_authn_routing::{Dependencies, Router, Settings};
use fiador_domain::{
    journey::{
        AFTERMATH, Ask, Chain, DoorState, Ending, Journey, LIFETIME, Origin, Refusal, Stage,
        Subject,
    },
    profile::Profile,
    prompting::PromptLimits,
    routing::{self, Policy},
};
use fiador_kernel::{
    AuthenticatorId, ClientId, Clock, Digest, JourneyId, Language, Loa, ScopeSet, SubscriberId,
};
use fiador_ports::{
    Answer, Authenticator, AuthenticatorRouter, Journeys, Known, Prompts, Settled, StartError,
    Versioned,
};
use fiador_testkit::clock::TestClock;

use crate::{
    fakes::{Everybody, Fixed, Kept, OpenVault, Signs},
    scripted::Scripted,
};

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) kept: Arc<Kept>,
    pub(crate) subscribers: Arc<Everybody>,
    pub(crate) router: Arc<Router>,
    settings: Settings,
}

/// A chain, as a policy writes it: `["a", ["b", "c"]]`, with 30 s for each step.
pub(crate) fn chain(steps: &str) -> Policy {
    policy(&format!("then = {{ chain = {steps}, patience = \"30s\", fallback = true }}"))
}

/// A policy of one rule.
pub(crate) fn policy(rule: &str) -> Policy {
    let text = format!("format = 1\n[[rules]]\nname = \"only\"\n{rule}\n");
    Policy::read(&text, routing::Known::default()).unwrap()
}

/// Nobody is asked again sooner, by whatever authenticator.
pub(crate) const GAP: Duration = Duration::from_secs(3);

/// Limits that no test reaches by itself.
pub(crate) fn settings() -> Settings {
    Settings {
        prompts: PromptLimits::none(),
        start_timeout: Duration::from_millis(50),
        risk_timeout: Duration::from_millis(50),
        ..Settings::default()
    }
}

impl World {
    /// Adaptors in order of preference, each falling back to the next after a failure alone.
    pub(crate) fn new<const N: usize>(adaptors: [&Arc<Scripted>; N]) -> Self {
        Self::with(adaptors, Policy::default(), settings(), None)
    }

    pub(crate) fn chained<const N: usize>(adaptors: [&Arc<Scripted>; N], steps: &str) -> Self {
        Self::with(adaptors, chain(steps), settings(), None)
    }

    pub(crate) fn strict<const N: usize>(adaptors: [&Arc<Scripted>; N]) -> Self {
        let settings = Settings { prompts: PromptLimits::default(), ..settings() };
        Self::with(adaptors, Policy::default(), settings, None)
    }

    pub(crate) fn with<const N: usize>(
        adaptors: [&Arc<Scripted>; N],
        policy: Policy,
        settings: Settings,
        risk: Option<Arc<Signs>>,
    ) -> Self {
        let (clock, kept) = (TestClock::new(), Arc::new(Kept::default()));
        let subscribers = Arc::new(Everybody::default());
        let router = Router::new(Dependencies {
            journeys: kept.clone(),
            ledgers: kept.clone(),
            budgets: kept.clone(),
            policy: Arc::new(Fixed(Arc::new(policy))),
            records: kept.clone(),
            subscribers: subscribers.clone(),
            vault: Arc::new(OpenVault),
            risk: risk.map(|risk| risk as _),
            audit: kept.clone(),
            clock: Arc::new(clock.clone()),
            settings: settings.clone(),
        });
        let adaptors = adaptors.map(|adaptor| Arc::clone(adaptor) as Arc<dyn Authenticator>);
        router.install(adaptors.to_vec());
        Self { clock, kept, subscribers, router: Arc::new(router), settings }
    }

    /// Another node over the same database.
    pub(crate) fn beside<const N: usize>(
        &self,
        adaptors: [&Arc<Scripted>; N],
        steps: &str,
    ) -> Self {
        let router = Router::new(Dependencies {
            journeys: self.kept.clone(),
            ledgers: self.kept.clone(),
            budgets: self.kept.clone(),
            policy: Arc::new(Fixed(Arc::new(chain(steps)))),
            records: self.kept.clone(),
            subscribers: self.subscribers.clone(),
            vault: Arc::new(OpenVault),
            risk: None,
            audit: self.kept.clone(),
            clock: Arc::new(self.clock.clone()),
            settings: self.settings.clone(),
        });
        let adaptors = adaptors.map(|adaptor| Arc::clone(adaptor) as Arc<dyn Authenticator>);
        router.install(adaptors.to_vec());
        Self {
            clock: self.clock.clone(),
            kept: Arc::clone(&self.kept),
            subscribers: Arc::clone(&self.subscribers),
            router: Arc::new(router),
            settings: self.settings.clone(),
        }
    }

    /// Keeps an identified journey; by its handle everything else is done.
    pub(crate) async fn open(&self, login: Login) -> Digest {
        let handle = Digest::of(login.id);
        self.kept.open(handle, login.journey(&self.clock)).await.unwrap();
        handle
    }

    /// A journey whose first step has begun.
    pub(crate) async fn started(&self, login: Login) -> Digest {
        let handle = self.open(login).await;
        self.start(handle).await.unwrap();
        handle
    }

    pub(crate) async fn start(&self, handle: Digest) -> Result<Versioned, StartError> {
        self.router.start(handle, Known::default()).await
    }

    pub(crate) async fn answer(&self, handle: Digest, by: &Scripted, answer: &Answer) -> Settled {
        AuthenticatorRouter::answer(&*self.router, handle, &by.id, answer).await.unwrap()
    }

    pub(crate) async fn answer_by_phone(&self, reference: Digest, answer: &Answer) -> Settled {
        Prompts::answer(&*self.router, reference, answer).await.unwrap()
    }

    /// Lets time pass, and this node do what is due.
    pub(crate) async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.router.tick().await;
    }

    pub(crate) fn stage(&self, handle: Digest) -> Stage {
        self.kept.journey(handle).stage
    }

    pub(crate) fn chain(&self, handle: Digest) -> Chain {
        match self.stage(handle) {
            Stage::Challenged { chain, .. } => chain,
            other => panic!("the journey is {}", other.name()),
        }
    }

    /// Who is asked.
    pub(crate) fn live(&self, handle: Digest) -> Vec<AuthenticatorId> {
        self.chain(handle).live.into_iter().map(|prompt| prompt.authenticator).collect()
    }

    pub(crate) fn tried(&self, handle: Digest) -> Vec<(AuthenticatorId, Ending)> {
        let tried = self.chain(handle).tried.into_iter();
        tried.map(|tried| (tried.authenticator, tried.ending)).collect()
    }

    pub(crate) fn is_verified(&self, handle: Digest) -> bool {
        matches!(self.stage(handle), Stage::Verified { .. })
    }

    pub(crate) fn refusal(&self, handle: Digest) -> Option<Refusal> {
        match self.stage(handle) {
            Stage::Refused { reason, .. } => Some(reason),
            _ => None,
        }
    }

    pub(crate) fn go_down(&self, is_down: bool) {
        self.kept.is_down.store(is_down, Ordering::SeqCst);
    }
}

/// A login to be opened.
#[derive(Clone, Copy)]
pub(crate) struct Login {
    pub(crate) id: &'static str,
    pub(crate) client: &'static str,
    pub(crate) browser: Option<&'static str>,
    pub(crate) number: &'static str,
    pub(crate) is_known: bool,
    pub(crate) levels: &'static [Loa],
    pub(crate) reveals_state: bool,
}

pub(crate) const LOGIN: Login = Login {
    id: "journey-1",
    client: "shop",
    browser: Some("browser-1"),
    number: "34600000001",
    is_known: true,
    levels: &[Loa::Two],
    reveals_state: false,
};

impl Login {
    pub(crate) fn subject(self) -> Subject {
        Subject {
            subscriber: self.is_known.then(|| SubscriberId::new(self.number).unwrap()),
            msisdn_index: Digest::of(self.number),
            number_block: Digest::of(&self.number[..7]),
            masked: "+34*******01".to_owned(),
        }
    }

    fn journey(self, clock: &TestClock) -> Journey {
        let now = clock.now();
        Journey {
            id: JourneyId::new(self.id).unwrap(),
            ask: Arc::new(Ask {
                client: ClientId::new(self.client).unwrap(),
                client_name: "Shop".to_owned(),
                profile: Profile::MobileConnect,
                scopes: ScopeSet::default(),
                levels: self.levels.to_vec(),
                levels_voluntary: false,
                context: None,
                binding_message: None,
                prompt: [].into(),
                reveals_state: self.reveals_state,
                language: Language::En,
            }),
            door: DoorState { door: "test".to_owned(), content: "{}".into() },
            browser: self.browser.map(Digest::of),
            page: None,
            origin: Origin::default(),
            opened_at: now,
            expires_at: now + LIFETIME + AFTERMATH,
            stage: Stage::Identified { subject: self.subject() },
        }
    }
}
