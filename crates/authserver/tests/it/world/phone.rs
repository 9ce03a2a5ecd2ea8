//! The phone network, as four authenticators that routing chooses among. `sms_otp` asks for a code,
//! which is the number of the message; `sms_url` and `push` wait for an answer on the phone; `foreign`
//! takes over the browser, and its answer comes as if from a phone.

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
    journey::Prompt,
    routing::{Candidate, Reach},
};
use fiador_kernel::{Amr, AuthenticatorId, Clock, Digest, Loa, SubscriberId};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, Road, StartError,
    Started, StoreError,
};
use fiador_testkit::TestClock;
use serde_json::{Value, json};

/// Where `foreign` leads the browser.
pub(crate) const FOREIGN: &str = "https://authenticator.example/begin?t=1";

/// What the authenticators have in common, to be looked into.
pub(crate) struct Phone {
    clock: TestClock,
    /// For whom each message was asked, sent or not.
    pub(crate) asked: Mutex<Vec<Option<SubscriberId>>>,
    /// What the last prompt is found by that is not answered in the browser.
    pub(crate) reference: Mutex<Option<Digest>>,
    /// The next starts fail so.
    pub(crate) refuses: Mutex<Option<StartError>>,
    pub(crate) unavailable: AtomicBool,
    /// Proofs are of level 1, less than was planned with.
    pub(crate) weak: AtomicBool,
    /// Answers that were compared with a code.
    pub(crate) evaluated: AtomicUsize,
}

impl Phone {
    pub(crate) fn new(clock: TestClock) -> Self {
        Self {
            clock,
            asked: Mutex::default(),
            reference: Mutex::default(),
            refuses: Mutex::default(),
            unavailable: AtomicBool::default(),
            weak: AtomicBool::default(),
            evaluated: AtomicUsize::default(),
        }
    }

    /// Everybody who can be asked.
    pub(crate) fn authenticators(self: &Arc<Self>) -> Vec<Arc<dyn Authenticator>> {
        let adaptor = |id| Arc::new(Adaptor { id, phone: Arc::clone(self) }) as _;
        ["sms_otp", "sms_url", "push", "foreign"].map(adaptor).to_vec()
    }

    /// The code of the last message that left.
    pub(crate) fn code(&self) -> String {
        format!("{:06}", self.asked.lock().unwrap().len())
    }
}

/// Until then no prompt is sent again.
pub(crate) const AGAIN_AFTER: Duration = Duration::from_secs(30);

struct Adaptor {
    id: &'static str,
    phone: Arc<Phone>,
}

impl Adaptor {
    fn id(&self) -> AuthenticatorId {
        AuthenticatorId::new(self.id).unwrap()
    }

    fn is_answered_here(&self) -> bool {
        self.id == "sms_otp"
    }

    fn evidence(&self) -> Evidence {
        let weak = self.phone.weak.load(Ordering::SeqCst);
        Evidence {
            authenticator: self.id(),
            level: if weak { Loa::One } else { Loa::Two },
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
            at: self.phone.clock.now(),
        }
    }
}

#[async_trait]
impl Authenticator for Adaptor {
    fn candidate(&self) -> Candidate {
        let reach = Reach::Phone { answered_on_phone: !self.is_answered_here() };
        let available = !self.phone.unavailable.load(Ordering::SeqCst);
        Candidate { available, ..Candidate::new(self.id(), Loa::Two, reach) }
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        _: Option<&Value>,
    ) -> Result<Started, StartError> {
        if let Some(error) = *self.phone.refuses.lock().unwrap() {
            return Err(error);
        }
        let mut asked = self.phone.asked.lock().unwrap();
        asked.push(challenge.subject.subscriber.clone());
        let state = json!({ "message": asked.len(), "left": 3 });
        if self.is_answered_here() {
            return Ok(Started::answered_here(state));
        }
        let reference = Digest::of(format!("{} {}", challenge.journey.as_str(), asked.len()));
        *self.phone.reference.lock().unwrap() = Some(reference);
        Ok(Started { state, reference: Some(reference) })
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        let left = state["left"].as_u64().unwrap().checked_sub(1).ok_or(Exhausted)?;
        Ok(json!({ "message": state["message"], "left": left }))
    }

    async fn evaluate(
        &self,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        if answer.road == Road::Reference {
            let agrees = answer.field("decision") == Some("agree");
            return Ok(if agrees { Answered::Verified(self.evidence()) } else { Answered::Denied });
        }
        self.phone.evaluated.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let code = format!("{:06}", state["message"].as_u64().unwrap());
        let is_right = self.is_answered_here()
            && challenge.subject.subscriber.is_some()
            && answer.field("code") == Some(&code);
        Ok(match &state["left"] {
            _ if is_right => Answered::Verified(self.evidence()),
            left if left == 0 => Answered::Failed,
            _ => Answered::Wrong,
        })
    }

    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, wrong: bool) -> PromptFragment {
        let masked = &challenge.subject.masked;
        let (heading, html) = match self.id {
            "sms_otp" => {
                ("Enter the code", format!("<p>{masked} wrong={wrong}</p><input name=\"code\">"))
            }
            "sms_url" | "push" => ("Open the link", format!("<p>Sent to {masked}</p>")),
            _ => ("Go there", String::new()),
        };
        let is_foreign = self.id == "foreign";
        PromptFragment {
            heading: heading.to_owned(),
            html,
            answered_here: self.is_answered_here(),
            leads_to: is_foreign.then(|| FOREIGN.to_owned()),
            again_after: (!is_foreign).then(|| {
                let asked_for = self.phone.clock.now().since(prompt.at);
                AGAIN_AFTER.saturating_sub(asked_for).as_secs()
            }),
        }
    }
}

/// A step of a chain: who is asked, and how long for.
pub(crate) type Step<'a> = (&'a [&'a str], Option<Duration>);
