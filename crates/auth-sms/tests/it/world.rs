//! A gateway with one phone, told as a story.

use std::sync::Arc;

use fiador_auth_sms::{
    CodeSource, EntropyCodes, Kind, Ports, Settings, Sms, SmsAuthenticator, add_assets,
    add_messages,
};
use fiador_domain::{
    journey::{Ask, Delivery, Origin, Prompt, Subject},
    profile::Profile,
    subscriber::{Subscriber, SubscriberStatus},
};
use fiador_http_kit::{Assets, Brand, Messages, Pages};
use fiador_kernel::{
    ClientId, Clock, Digest, Issuer, JourneyId, Language, Msisdn, ScopeSet, SubscriberId, Timestamp,
};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, MessageCentre, PromptFragment, Road, StartError,
    Started, StoreError, Vault,
};
use fiador_testkit::{
    SeededEntropy, TestClock,
    doubles::{MemorySubscribers, OpenVault, active_subscriber},
};
use serde_json::Value;

use crate::fakes::{FakeBudgets, FakeCentre, FakeReports};

pub(crate) const NUMBER: &str = "34600000001";

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) budgets: Arc<FakeBudgets>,
    pub(crate) subscribers: Arc<MemorySubscribers>,
    pub(crate) centre: Arc<FakeCentre>,
    pub(crate) reports: Arc<FakeReports>,
    pub(crate) family: Arc<Sms>,
    /// The one with a code alone.
    pub(crate) sms: Arc<SmsAuthenticator>,
}

/// One authentication as a journey would hold it.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) journey: JourneyId,
    pub(crate) ask: Ask,
    pub(crate) subject: Subject,
    pub(crate) origin: Origin,
    /// Where the browser waits; `None` for a door without one.
    pub(crate) page: Option<String>,
    pub(crate) expires_at: Timestamp,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::build(change, None)
    }

    pub(crate) fn with_codes(codes: Arc<dyn CodeSource>) -> Self {
        Self::build(|_| {}, Some(codes))
    }

    fn build(change: impl FnOnce(&mut Settings), codes: Option<Arc<dyn CodeSource>>) -> Self {
        let mut settings = Settings::new(&issuer(), "Fiador");
        change(&mut settings);
        let clock = TestClock::new();
        let entropy = Arc::new(SeededEntropy::new(42));
        let budgets = Arc::new(FakeBudgets::default());
        let subscribers = Arc::new(MemorySubscribers::default());
        let centre = Arc::new(FakeCentre::default());
        let reports = Arc::new(FakeReports::default());
        let ports = Ports {
            delivery_reports: reports.clone(),
            budgets: budgets.clone(),
            subscribers: subscribers.clone(),
            vault: Arc::new(OpenVault),
            message_centre: centre.clone(),
            clock: Arc::new(clock.clone()),
            codes: codes.unwrap_or_else(|| Arc::new(EntropyCodes::new(entropy.clone()))),
            entropy,
            pages: pages(),
        };
        let family = Sms::new(settings, ports).unwrap();
        let sms = Arc::new(family.authenticator(Kind::Otp).unwrap());
        let world = Self { clock, budgets, subscribers, centre, reports, family, sms };
        world.add_subscriber(NUMBER, SubscriberStatus::Active);
        world
    }

    pub(crate) fn add_subscriber(&self, digits: &str, status: SubscriberStatus) {
        let number = Msisdn::from_digits(digits).unwrap();
        let id = subscriber_id(&number);
        self.subscribers.put(Subscriber {
            status,
            authenticators: vec!["sms_otp".to_owned()],
            ..active_subscriber(id, &number)
        });
    }

    /// A login of whoever has this number, in any spelling; unknown unless it was added.
    pub(crate) fn login(&self, spelling: &str) -> Login {
        let number = Msisdn::parse(spelling, Some("ES".parse().unwrap())).unwrap();
        let id = subscriber_id(&number);
        let subscriber = self.subscribers.rows().contains_key(&id).then_some(id);
        Login::new(&number, subscriber)
    }

    pub(crate) async fn start(&self, login: &Login) -> Result<Started, StartError> {
        self.sms.start(login.challenge(), None).await
    }

    pub(crate) async fn again(&self, login: &Login, state: &Value) -> Result<Started, StartError> {
        self.sms.start(login.challenge(), Some(state)).await
    }

    /// Takes an attempt and evaluates it, as the AuthServer does; gives the new state.
    pub(crate) async fn guess(
        &self,
        login: &Login,
        state: &Value,
        code: &str,
    ) -> Result<(Answered, Value), StoreError> {
        let admitted = self.sms.admit(state).unwrap();
        let answer = answer(code);
        let answered = self.sms.evaluate(login.challenge(), &admitted, &answer).await?;
        Ok((answered, admitted))
    }

    /// What the waiting page shows.
    pub(crate) fn shown(&self, login: &Login, state: &Value, wrong: bool) -> PromptFragment {
        let prompt = Prompt {
            authenticator: self.sms.candidate().id,
            state: state.clone(),
            at: self.clock.now(),
            reference: None,
            delivery: Delivery::Unknown,
        };
        self.sms.prompt(login.challenge(), &prompt, wrong)
    }

    /// The texts that reached the message centre, after every task has had its turn.
    pub(crate) async fn texts(&self) -> Vec<String> {
        settle().await;
        self.centre.outbox.lock().iter().map(|message| message.text.clone()).collect()
    }

    /// The code in the last text.
    pub(crate) async fn code(&self) -> String {
        let texts = self.texts().await;
        code_in(texts.last().unwrap()).to_owned()
    }

    pub(crate) fn is_available(&self) -> bool {
        self.centre.is_available()
    }
}

impl Login {
    fn new(number: &Msisdn, subscriber: Option<SubscriberId>) -> Self {
        Self {
            journey: JourneyId::new("journey-1").unwrap(),
            ask: Ask {
                client: ClientId::new("shop").unwrap(),
                client_name: "Acme Shop".to_owned(),
                profile: Profile::MobileConnect,
                scopes: ScopeSet::default(),
                levels: Vec::new(),
                levels_voluntary: false,
                context: None,
                binding_message: None,
                prompt: [].into(),
                reveals_state: false,
                language: Language::En,
            },
            subject: Subject {
                subscriber,
                msisdn_index: OpenVault.msisdn_index(number),
                number_block: Digest::of(number.block()),
                masked: number.to_string(),
            },
            page: Some("https://id.mno.example/journey/handle".to_owned()),
            origin: Origin { network: "198.51.100.0/24".to_owned(), ..Origin::default() },
            // Tests that are about the end of a journey set it nearer.
            expires_at: Timestamp::from_micros(i64::MAX),
        }
    }

    pub(crate) fn challenge(&self) -> Challenge<'_> {
        Challenge {
            journey: &self.journey,
            ask: &self.ask,
            subject: &self.subject,
            number: None,
            origin: &self.origin,
            page: self.page.as_deref(),
            expires_at: self.expires_at,
        }
    }
}

/// Lets background tasks run until they wait for something.
pub(crate) async fn settle() {
    for _ in 0..32 {
        tokio::task::yield_now().await;
    }
}

pub(crate) fn answer(code: &str) -> Answer {
    Answer::by(Road::Browser, [("code", code)])
}

pub(crate) fn code_in(text: &str) -> &str {
    text.rsplit_once('#').unwrap().1
}

/// Another code of the same length.
pub(crate) fn wrong(code: &str) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &code[..code.len() - 1])
}

pub(crate) fn subscriber_id(number: &Msisdn) -> SubscriberId {
    SubscriberId::new(&format!("subscriber-{}", number.digits())).unwrap()
}

pub(crate) fn issuer() -> Issuer {
    Issuer::new("https://id.mno.example", false).unwrap()
}

fn pages() -> Arc<Pages> {
    let messages = add_messages(Messages::builder().unwrap()).unwrap().build().unwrap();
    Arc::new(Pages::new(Brand::new("MNO"), messages, add_assets(Assets::builder())))
}
