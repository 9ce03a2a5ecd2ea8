//! Routing as far as an adaptor needs it: journeys that move by compare-and-set, an attempt taken
//! before anything is evaluated, and one outcome.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use fiador_domain::journey::{Chain, Delivery, DoorState, Journey, Prompt, Refusal, Stage};
use fiador_kernel::{AuthenticatorId, Clock, Digest, Timestamp};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Pending, Prompts, Settled, StoreError, Versioned,
};
use fiador_testkit::TestClock;
use parking_lot::Mutex;

use crate::world::Login;

/// What the waiting browser keeps in its cookie.
pub(crate) const BROWSER: &str = "the secret of the browser that waits";

pub(crate) struct FakeRouting {
    journeys: Mutex<Vec<Versioned>>,
    authenticators: HashMap<AuthenticatorId, Arc<dyn Authenticator>>,
    clock: TestClock,
    /// Evaluations by journey.
    pub(crate) evaluated: Mutex<HashMap<usize, u32>>,
    pub(crate) is_broken: std::sync::atomic::AtomicBool,
}

impl FakeRouting {
    pub(crate) fn new(clock: TestClock, all: Vec<Arc<dyn Authenticator>>) -> Self {
        Self {
            journeys: Mutex::default(),
            authenticators: all.into_iter().map(|one| (one.candidate().id, one)).collect(),
            clock,
            evaluated: Mutex::default(),
            is_broken: std::sync::atomic::AtomicBool::new(false),
        }
    }

    /// Opens a journey and asks by one authenticator; its place.
    pub(crate) async fn begin(&self, login: &Login, authenticator: &str) -> usize {
        let at = self.clock.now();
        let journey = Journey {
            id: login.journey.clone(),
            ask: Arc::new(login.ask.clone()),
            door: DoorState { door: "authorize".to_owned(), content: "{}".into() },
            browser: login.page.as_ref().map(|_| Digest::of(BROWSER)),
            page: login.page.clone().map(Into::into),
            origin: login.origin.clone(),
            opened_at: at,
            expires_at: Timestamp::from_micros(i64::MAX),
            stage: Stage::Identified { subject: login.subject.clone() },
        };
        let place = {
            let mut journeys = self.journeys.lock();
            journeys.push(Versioned { version: 0, journey });
            journeys.len() - 1
        };
        self.ask(place, authenticator, None).await;
        place
    }

    /// Asks (again) by an authenticator, in place of every live prompt.
    pub(crate) async fn ask(&self, place: usize, authenticator: &str, again: Option<Prompt>) {
        let Versioned { version, journey } = self.read(place);
        let id = AuthenticatorId::new(authenticator).unwrap();
        let (Stage::Identified { subject } | Stage::Challenged { subject, .. }) = &journey.stage
        else {
            panic!("{}", journey.stage.name())
        };
        let challenge = challenge(&journey, subject);
        let previous = again.as_ref().map(|prompt| &prompt.state);
        let started = self.authenticators[&id].start(challenge, previous).await.unwrap();
        let prompt = Prompt {
            authenticator: id,
            state: started.state,
            at: self.clock.now(),
            reference: started.reference,
            delivery: Delivery::Unknown,
        };
        let stage = journey.stage.clone();
        let stage = stage.challenge(Chain { live: vec![prompt], ..Chain::default() }).unwrap();
        assert!(self.replace(place, version, Journey { stage, ..journey }));
    }

    pub(crate) fn read(&self, place: usize) -> Versioned {
        self.journeys.lock()[place].clone()
    }

    pub(crate) fn stage(&self, place: usize) -> Stage {
        self.read(place).journey.stage
    }

    /// The one live prompt.
    pub(crate) fn prompt(&self, place: usize) -> Prompt {
        match self.stage(place) {
            Stage::Challenged { chain, .. } => chain.live[0].clone(),
            other => panic!("{}", other.name()),
        }
    }

    /// What the waiting page shows of it.
    pub(crate) fn shown(&self, place: usize) -> fiador_ports::PromptFragment {
        let journey = self.read(place).journey;
        let Stage::Challenged { subject, chain } = &journey.stage else { panic!() };
        let prompt = &chain.live[0];
        let authenticator = &self.authenticators[&prompt.authenticator];
        authenticator.prompt(challenge(&journey, subject), prompt, false)
    }

    /// The number that the waiting page shows.
    pub(crate) fn number(&self, place: usize) -> u8 {
        let html = self.shown(place).html;
        let after = html.split_once(r#"id="number-to-match">"#).unwrap().1;
        after.split_once('<').unwrap().0.parse().unwrap()
    }

    /// An answer of the waiting browser.
    pub(crate) async fn answer_here(&self, place: usize, answer: &Answer) -> Settled {
        self.settle(place, |_| true, answer).await.unwrap()
    }

    fn replace(&self, place: usize, version: u64, journey: Journey) -> bool {
        let mut journeys = self.journeys.lock();
        let is_current = journeys[place].version == version;
        if is_current {
            journeys[place] = Versioned { version: version + 1, journey };
        }
        is_current
    }

    async fn settle(
        &self,
        place: usize,
        is_meant: impl Fn(&Prompt) -> bool,
        answer: &Answer,
    ) -> Result<Settled, StoreError> {
        let (prompt, admitted) = loop {
            let read = self.read(place);
            let Stage::Challenged { subject, chain } = &read.journey.stage else {
                return Ok(Settled::TooLate(Some(read)));
            };
            let Some(prompt) = chain.live.iter().find(|prompt| is_meant(prompt)).cloned() else {
                return Ok(Settled::TooLate(Some(read)));
            };
            let Ok(admitted) = self.authenticators[&prompt.authenticator].admit(&prompt.state)
            else {
                return Ok(Settled::TooLate(Some(read)));
            };
            tokio::task::yield_now().await;
            let live = vec![Prompt { state: admitted.clone(), ..prompt.clone() }];
            let stage = Stage::Challenged {
                subject: subject.clone(),
                chain: Chain { live, ..chain.clone() },
            };
            let journey = Journey { stage, ..read.journey.clone() };
            if self.replace(place, read.version, journey) {
                break (prompt, admitted);
            }
        };
        *self.evaluated.lock().entry(place).or_default() += 1;
        let journey = self.read(place).journey;
        let Stage::Challenged { subject, .. } = &journey.stage else {
            return Ok(Settled::TooLate(Some(self.read(place))));
        };
        let authenticator = &self.authenticators[&prompt.authenticator];
        let challenge = challenge(&journey, subject);
        let answered = authenticator.evaluate(challenge, &admitted, answer).await?;
        tokio::task::yield_now().await;
        loop {
            let read = self.read(place);
            let Stage::Challenged { chain, .. } = &read.journey.stage else {
                return Ok(Settled::TooLate(Some(read)));
            };
            if chain.prompt_of(&prompt.authenticator).is_none_or(|now| now.at != prompt.at) {
                return Ok(Settled::TooLate(Some(read)));
            }
            let stage = read.journey.stage.clone();
            let stage = match &answered {
                Answered::Wrong => return Ok(Settled::Wrong(read)),
                Answered::Verified(evidence) => stage.verify(evidence.clone()).unwrap(),
                Answered::Denied => stage.refuse(Refusal::Denied, self.clock.now()).unwrap(),
                Answered::Failed | Answered::GaveUp => {
                    stage.refuse(Refusal::Failed, self.clock.now()).unwrap()
                }
            };
            if self.replace(place, read.version, Journey { stage, ..read.journey.clone() }) {
                return Ok(Settled::Moved(self.read(place)));
            }
        }
    }

    fn place_of(&self, reference: Digest) -> Option<usize> {
        let journeys = self.journeys.lock();
        // Tests look for late ones.
        journeys.iter().rposition(|read| read.journey.references().any(|one| one == reference))
    }
}

#[async_trait]
impl Prompts for FakeRouting {
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError> {
        if self.is_broken.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(StoreError::Unavailable);
        }
        let Some(place) = self.place_of(reference) else { return Ok(None) };
        let journey = self.read(place).journey;
        let Stage::Challenged { chain, .. } = &journey.stage else { return Ok(None) };
        let prompt = chain.prompt_with(reference).cloned();
        Ok(prompt.map(|prompt| Pending { prompt, journey }))
    }

    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError> {
        let Some(place) = self.place_of(reference) else { return Ok(Settled::TooLate(None)) };
        self.settle(place, |prompt| prompt.reference == Some(reference), answer).await
    }

    async fn report(&self, _: Digest, _: Delivery) -> Result<(), StoreError> {
        Ok(())
    }
}

fn challenge<'a>(
    journey: &'a Journey,
    subject: &'a fiador_domain::journey::Subject,
) -> Challenge<'a> {
    Challenge {
        journey: &journey.id,
        ask: &journey.ask,
        subject,
        number: None,
        origin: &journey.origin,
        page: journey.page.as_deref(),
        expires_at: journey.expires_at,
    }
}
