//! An adaptor that answers as told and remembers what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    journey::Prompt,
    routing::{Candidate, Enrolment, Reach},
};
use fiador_kernel::{Amr, AuthenticatorId, Digest, Loa, Timestamp};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, Road, StartError,
    Started, StoreError,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::watch;

/// What it counts as answers, by the field `answer`.
pub(crate) const RIGHT: &str = "right";
pub(crate) const WRONG: &str = "wrong";
pub(crate) const NO: &str = "no";
pub(crate) const GAVE_UP: &str = "gave up";
pub(crate) const LOST: &str = "lost";

/// Attempts of each prompt.
pub(crate) const ATTEMPTS: u64 = 3;

/// Its state is `{"left": attempts, "code": n}`; the n-th start of it answers to code n alone.
pub(crate) struct Scripted {
    pub(crate) id: AuthenticatorId,
    ceiling: Loa,
    claims: Loa,
    available: bool,
    enrolment: Enrolment,
    has_reference: bool,
    hangs: bool,
    again_after: Mutex<Option<u64>>,
    is_held: watch::Sender<bool>,
    refusal: Mutex<Option<StartError>>,
    starts: AtomicUsize,
    evaluated: AtomicUsize,
    roads: Mutex<Vec<Road>>,
    cancelled: Mutex<Vec<u64>>,
}

impl Scripted {
    pub(crate) fn new(id: &str, ceiling: Loa) -> Self {
        Self {
            id: name(id),
            ceiling,
            claims: ceiling,
            available: true,
            enrolment: Enrolment::ByNumber,
            has_reference: false,
            hangs: false,
            again_after: Mutex::new(Some(0)),
            is_held: watch::Sender::new(false),
            refusal: Mutex::default(),
            starts: AtomicUsize::new(0),
            evaluated: AtomicUsize::new(0),
            roads: Mutex::default(),
            cancelled: Mutex::default(),
        }
    }

    pub(crate) fn refusing(self, error: StartError) -> Self {
        *self.refusal.lock() = Some(error);
        self
    }

    pub(crate) fn claiming(self, claims: Loa) -> Self {
        Self { claims, ..self }
    }

    /// It asks those alone whose subscription lists it.
    pub(crate) fn listed(self) -> Self {
        Self { enrolment: Enrolment::Listed, ..self }
    }

    pub(crate) fn absent(self) -> Self {
        Self { available: false, ..self }
    }

    /// It never comes back from its start.
    pub(crate) fn hanging(self) -> Self {
        Self { hangs: true, ..self }
    }

    /// Its prompts can be answered on the phone.
    pub(crate) fn with_reference(self) -> Self {
        Self { has_reference: true, ..self }
    }

    /// From now on it starts, or refuses.
    pub(crate) fn refuse(&self, error: Option<StartError>) {
        *self.refusal.lock() = error;
    }

    /// From now on it offers to ask again after so many seconds, or never.
    pub(crate) fn offer_again(&self, after: Option<u64>) {
        *self.again_after.lock() = after;
    }

    /// Until it is let go, it finishes neither a start nor an evaluation.
    pub(crate) fn hold(&self, is_held: bool) {
        self.is_held.send_replace(is_held);
    }

    async fn while_held(&self) {
        self.is_held.subscribe().wait_for(|is_held| !is_held).await.unwrap();
    }

    pub(crate) fn started(&self) -> usize {
        self.starts.load(Ordering::SeqCst)
    }

    pub(crate) fn evaluated(&self) -> usize {
        self.evaluated.load(Ordering::SeqCst)
    }

    pub(crate) fn roads(&self) -> Vec<Road> {
        self.roads.lock().clone()
    }

    /// Codes of the prompts that were taken back.
    pub(crate) fn cancelled(&self) -> Vec<u64> {
        self.cancelled.lock().clone()
    }

    /// The reference of its n-th prompt, counted from 1, in a journey.
    pub(crate) fn reference(&self, journey: &str, n: u64) -> Digest {
        Digest::of(format!("{}/{journey}/{n}", self.id))
    }
}

#[async_trait]
impl Authenticator for Scripted {
    fn candidate(&self) -> Candidate {
        let reach = Reach::Phone { answered_on_phone: self.has_reference };
        Candidate {
            available: self.available,
            enrolment: self.enrolment,
            ..Candidate::new(self.id.clone(), self.ceiling, reach)
        }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        _: Option<&Value>,
    ) -> Result<Started, StartError> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        if let Some(error) = *self.refusal.lock() {
            return Err(error);
        }
        let code = self.starts.fetch_add(1, Ordering::SeqCst) as u64 + 1;
        self.while_held().await;
        let reference =
            self.has_reference.then(|| self.reference(challenge.journey.as_str(), code));
        Ok(Started { state: json!({ "left": ATTEMPTS, "code": code }), reference })
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        let left = state["left"].as_u64().unwrap().checked_sub(1).ok_or(Exhausted)?;
        Ok(json!({ "left": left, "code": state["code"] }))
    }

    async fn evaluate(
        &self,
        _: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        // Others may be faster than any answer.
        tokio::task::yield_now().await;
        self.evaluated.fetch_add(1, Ordering::SeqCst);
        self.while_held().await;
        self.roads.lock().push(answer.road);
        let code = answer.field("code").map(|code| code.parse::<u64>().unwrap());
        let is_for_this = code.is_none_or(|code| state["code"] == code);
        Ok(match answer.field("answer") {
            Some(RIGHT) if is_for_this => Answered::Verified(Evidence {
                authenticator: self.id.clone(),
                level: self.claims,
                amr_mobile_connect: vec![Amr::new("X_OK")],
                amr_rfc8176: vec![Amr::new("otp")],
                at: Timestamp::default(),
            }),
            Some(NO) => Answered::Denied,
            Some(GAVE_UP) => Answered::GaveUp,
            Some(LOST) => return Err(StoreError::Unavailable),
            _ if state["left"] == 0 => Answered::Failed,
            _ => Answered::Wrong,
        })
    }

    fn prompt(&self, _: Challenge<'_>, _: &Prompt, wrong: bool) -> PromptFragment {
        PromptFragment {
            heading: format!("{}{}", self.id, if wrong { " wrong" } else { "" }),
            html: String::new(),
            answered_here: !self.has_reference,
            leads_to: None,
            again_after: *self.again_after.lock(),
        }
    }

    async fn cancel(&self, _: Challenge<'_>, state: &Value) {
        self.cancelled.lock().push(state["code"].as_u64().unwrap());
    }
}

pub(crate) fn name(text: &str) -> AuthenticatorId {
    AuthenticatorId::new(text).unwrap()
}

/// An answer; the router says by which road it came.
pub(crate) fn answer(text: &str) -> Answer {
    Answer::by(Road::Browser, [("answer", text)])
}

/// A right answer to one prompt alone.
pub(crate) fn right_for(code: u64) -> Answer {
    Answer::by(Road::Browser, [("answer", RIGHT.to_owned()), ("code", code.to_string())])
}

impl Scripted {
    pub(crate) fn ceiling(&self) -> Loa {
        self.ceiling
    }

    pub(crate) fn is_available(&self) -> bool {
        self.available
    }
}
