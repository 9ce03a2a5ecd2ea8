//! Routing in miniature, and the authenticators behind it. `sms_otp` asks for a code, which is the
//! number of the message; `sms_url` waits for a click on the phone; every other one takes over the
//! browser.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    journey::{Chain, ChainStep, Journey, Prompt, Refusal, Stage},
    routing::{Candidate, Need, Reach, Route, Unserved, route},
};
use fiador_kernel::{Amr, AuthenticatorId, Clock, Digest, Loa, SubscriberId};
use fiador_ports::{
    Answer, AuthenticatorRouter, Journeys, Known, PromptFragment, Road, Settled, ShownPrompt,
    StartError, StoreError, Versioned,
};
use fiador_testkit::TestClock;
use serde_json::json;

use super::{Audit, JourneyTable};

/// Where `foreign` leads the browser.
pub(crate) const FOREIGN: &str = "https://authenticator.example/begin?t=1";

/// The phone network as tests see it.
pub(crate) struct Phone {
    clock: TestClock,
    journeys: Arc<JourneyTable>,
    audit: Arc<Audit>,
    /// Who is asked, step by step.
    pub(crate) chain: Mutex<Vec<ChainStep>>,
    /// For whom each message was asked, sent or not.
    pub(crate) asked: Mutex<Vec<Option<SubscriberId>>>,
    /// The next starts fail so.
    pub(crate) refuses: Mutex<Option<StartError>>,
    pub(crate) unavailable: AtomicBool,
    /// Proofs are of level 1, less than was planned with.
    pub(crate) weak: AtomicBool,
    /// Answers that were compared with a code.
    pub(crate) evaluated: AtomicUsize,
}

impl Phone {
    pub(crate) fn new(clock: TestClock, journeys: Arc<JourneyTable>, audit: Arc<Audit>) -> Self {
        Self {
            clock,
            journeys,
            audit,
            chain: Mutex::new(vec![ChainStep::only(id("sms_otp"))]),
            asked: Mutex::default(),
            refuses: Mutex::default(),
            unavailable: AtomicBool::default(),
            weak: AtomicBool::default(),
            evaluated: AtomicUsize::default(),
        }
    }

    /// Sets who is asked: steps of authenticators, and how long each is waited for.
    pub(crate) fn asks(&self, steps: &[(&[&str], Option<Duration>)]) {
        let step = |(names, patience): &(&[&str], Option<Duration>)| ChainStep {
            authenticators: names.iter().map(|name| id(name)).collect(),
            patience: *patience,
        };
        *self.chain.lock().unwrap() = steps.iter().map(step).collect();
    }

    /// The code of the last message that left.
    pub(crate) fn code(&self) -> String {
        format!("{:06}", self.asked.lock().unwrap().len())
    }

    /// The subscriber answers on the phone.
    pub(crate) async fn approves(&self) {
        self.moves(|stage| stage.verify(self.evidence("sms_url"))).await;
    }

    /// The subscriber says no on the phone.
    pub(crate) async fn denies(&self) {
        self.moves(|stage| stage.refuse(Refusal::Denied, self.clock.now())).await;
    }

    async fn moves(
        &self,
        step: impl Fn(Stage) -> Result<Stage, fiador_domain::journey::WrongStage>,
    ) {
        let handle = self.journeys.only_handle();
        self.change(handle, |journey| step(journey.stage.clone()).ok()).await.unwrap();
    }

    /// Moves the journey, until it is moved or `step` has nothing to do.
    async fn change(
        &self,
        handle: Digest,
        step: impl Fn(&Journey) -> Option<Stage>,
    ) -> Result<Versioned, Option<Versioned>> {
        loop {
            let read = self.journeys.read(handle, self.clock.now()).await.unwrap().ok_or(None)?;
            let Some(stage) = step(&read.journey) else { return Err(Some(read)) };
            let journey = Journey { stage, ..read.journey };
            if self.journeys.replace(handle, read.version, journey.clone()).await.unwrap() {
                return Ok(Versioned { version: read.version + 1, journey });
            }
        }
    }

    async fn refuse(&self, handle: Digest, reason: Refusal) -> Option<Versioned> {
        let at = self.clock.now();
        match self.change(handle, |journey| journey.stage.clone().refuse(reason, at).ok()).await {
            Ok(moved) => {
                let event = moved.journey.refusal_event(reason, at);
                self.audit.events.lock().unwrap().push(event);
                Some(moved)
            }
            Err(as_it_is) => as_it_is,
        }
    }

    /// Sends a message for each of the step's authenticators.
    fn begin(&self, stage: &Stage, steps: &[ChainStep]) -> Result<Option<Chain>, StartError> {
        let (Stage::Identified { subject } | Stage::Challenged { subject, .. }) = stage else {
            return Ok(None);
        };
        let Some((step, ahead)) = steps.split_first() else { return Ok(None) };
        if let Some(error) = *self.refuses.lock().unwrap() {
            return Err(error);
        }
        let at = self.clock.now();
        let prompt = |authenticator: &AuthenticatorId| {
            let mut asked = self.asked.lock().unwrap();
            asked.push(subject.subscriber.clone());
            Prompt {
                authenticator: authenticator.clone(),
                state: json!({ "message": asked.len(), "left": 3 }),
                at,
                reference: None,
                delivery: fiador_domain::journey::Delivery::default(),
            }
        };
        Ok(Some(Chain {
            live: step.authenticators.iter().map(prompt).collect(),
            ahead: ahead.to_vec(),
            tried: vec![],
            next_at: step.patience.map(|patience| at + patience),
            starting_until: None,
        }))
    }

    /// Begins the steps that `choose` finds in the journey's stage.
    async fn go(
        &self,
        handle: Digest,
        choose: impl Fn(&Stage) -> Vec<ChainStep>,
    ) -> Result<Versioned, StartError> {
        let read = self.journeys.read(handle, self.clock.now()).await?;
        let read = read.ok_or(StartError::NoJourney)?;
        let steps = choose(&read.journey.stage);
        let begun = self.begin(&read.journey.stage, &steps);
        let is_final = matches!(begun, Err(StartError::Unavailable | StartError::TextTooLong));
        if is_final && matches!(read.journey.stage, Stage::Identified { .. }) {
            self.refuse(handle, Refusal::Unavailable).await;
        }
        let Some(chain) = begun? else { return Ok(read) };
        let moved = self.change(handle, |now| now.stage.clone().challenge(chain.clone()).ok());
        moved.await.or_else(|as_it_is| as_it_is.ok_or(StartError::NoJourney))
    }

    fn evidence(&self, authenticator: &str) -> Evidence {
        Evidence {
            authenticator: id(authenticator),
            level: if self.weak.load(Ordering::SeqCst) { Loa::One } else { Loa::Two },
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
            at: self.clock.now(),
        }
    }
}

fn id(name: &str) -> AuthenticatorId {
    AuthenticatorId::new(name).unwrap()
}

fn ahead(stage: &Stage) -> Vec<ChainStep> {
    match stage {
        Stage::Challenged { chain, .. } => chain.ahead.clone(),
        _ => vec![],
    }
}

#[async_trait]
impl AuthenticatorRouter for Phone {
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved> {
        let chain = self.chain.lock().unwrap();
        let candidates: Vec<Candidate> = chain
            .iter()
            .flat_map(|step| &step.authenticators)
            .map(|id| Candidate {
                available: !self.unavailable.load(Ordering::SeqCst),
                ..Candidate::new(id.clone(), Loa::Two, Reach::Browser)
            })
            .collect();
        route(need, &candidates)
    }

    async fn start(&self, handle: Digest, _: Known<'_>) -> Result<Versioned, StartError> {
        let chain = self.chain.lock().unwrap().clone();
        self.go(handle, |stage| match stage {
            Stage::Identified { .. } => chain.clone(),
            _ => vec![],
        })
        .await
    }

    async fn again(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
    ) -> Result<Versioned, StartError> {
        let only = ChainStep::only(authenticator.clone());
        self.go(handle, |stage| [vec![only.clone()], ahead(stage)].concat()).await
    }

    async fn other_way(&self, handle: Digest) -> Result<Versioned, StartError> {
        self.go(handle, ahead).await
    }

    async fn answer(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
        answer: &Answer,
    ) -> Result<Settled, StoreError> {
        assert_eq!(answer.road, Road::Browser);
        let admit = |journey: &Journey| {
            let Stage::Challenged { mut chain, subject } = journey.stage.clone() else {
                return None;
            };
            let prompt = chain.live.iter_mut().find(|p| p.authenticator == *authenticator)?;
            let left = prompt.state["left"].as_u64().unwrap().checked_sub(1)?;
            prompt.state["left"] = left.into();
            Some(Stage::Challenged { subject, chain })
        };
        let admitted = match self.change(handle, admit).await {
            Ok(admitted) => admitted,
            Err(as_it_is) => return Ok(Settled::TooLate(as_it_is)),
        };
        self.evaluated.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let Stage::Challenged { subject, chain } = &admitted.journey.stage else { panic!() };
        let prompt = chain.prompt_of(authenticator).unwrap();
        let code = format!("{:06}", prompt.state["message"].as_u64().unwrap());
        if subject.subscriber.is_some() && answer.field("code") == Some(&code) {
            let evidence = self.evidence(authenticator.as_str());
            let verify = |journey: &Journey| journey.stage.clone().verify(evidence.clone()).ok();
            return Ok(match self.change(handle, verify).await {
                Ok(moved) => Settled::Moved(moved),
                Err(as_it_is) => Settled::TooLate(as_it_is),
            });
        }
        if prompt.state["left"] == 0 {
            let refused = self.refuse(handle, Refusal::Failed).await;
            return Ok(refused.map_or(Settled::TooLate(None), Settled::Moved));
        }
        Ok(Settled::Wrong(admitted))
    }

    async fn advance(&self, handle: Digest, read: Versioned) -> Result<Versioned, StoreError> {
        let now = self.clock.now();
        if read.journey.is_overdue(now) {
            return Ok(self.refuse(handle, Refusal::TimedOut).await.unwrap());
        }
        match &read.journey.stage {
            Stage::Challenged { chain, .. } if chain.next_at.is_some_and(|next| next <= now) => {
                Ok(self.other_way(handle).await.unwrap())
            }
            _ => Ok(read),
        }
    }

    async fn abandon(&self, handle: Digest) -> Result<Option<Versioned>, StoreError> {
        Ok(self.refuse(handle, Refusal::Denied).await)
    }

    fn prompts(&self, journey: &Journey, wrong: Option<&AuthenticatorId>) -> Vec<ShownPrompt> {
        let Stage::Challenged { subject, chain } = &journey.stage else { return vec![] };
        let show = |prompt: &Prompt| {
            let masked = &subject.masked;
            let wrong = wrong == Some(&prompt.authenticator);
            let (heading, html, answered_here) = match prompt.authenticator.as_str() {
                "sms_otp" => (
                    "Enter the code",
                    format!("<p>{masked} wrong={wrong}</p><input name=\"code\">"),
                    true,
                ),
                "sms_url" => ("Open the link", format!("<p>Sent to {masked}</p>"), false),
                _ => ("Go there", String::new(), false),
            };
            let is_foreign = prompt.authenticator.as_str() == "foreign";
            ShownPrompt {
                authenticator: prompt.authenticator.clone(),
                fragment: PromptFragment {
                    heading: heading.to_owned(),
                    html,
                    answered_here,
                    leads_to: is_foreign.then(|| FOREIGN.to_owned()),
                    again_after: (!is_foreign).then_some(30),
                },
            }
        };
        chain.live.iter().map(show).collect()
    }
}
