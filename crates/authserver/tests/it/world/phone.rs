//! Routing with one authenticator, `sms_otp`, whose codes are the number of the message.

use std::sync::{
    Mutex, OnceLock,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    routing::{Candidate, Need, Route, Unserved, route},
};
use fiador_kernel::{Amr, AuthenticatorId, Clock, Loa, SubscriberId};
use fiador_ports::{
    Answer, Answered, AuthenticatorRouter, Challenge, Exhausted, PromptFragment, StartError,
    Started, StoreError,
};
use fiador_testkit::TestClock;
use serde_json::{Value, json};

/// The phone network as tests see it.
#[derive(Default)]
pub(crate) struct Phone {
    clock: OnceLock<TestClock>,
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
    pub(crate) fn set_clock(&self, clock: TestClock) {
        self.clock.set(clock).unwrap();
    }

    /// The code of the last message that left.
    pub(crate) fn code(&self) -> String {
        format!("{:06}", self.asked.lock().unwrap().len())
    }

    fn candidate(&self) -> Candidate {
        let available = !self.unavailable.load(Ordering::SeqCst);
        Candidate { id: sms_otp(), ceiling: Loa::Two, available }
    }
}

fn sms_otp() -> AuthenticatorId {
    AuthenticatorId::new("sms_otp").unwrap()
}

#[async_trait]
impl AuthenticatorRouter for Phone {
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved> {
        route(need, &[self.candidate()])
    }

    async fn start(
        &self,
        challenge: Challenge<'_>,
        _: Option<(&AuthenticatorId, &Value)>,
    ) -> Result<(AuthenticatorId, Started), StartError> {
        if let Some(error) = *self.refuses.lock().unwrap() {
            return Err(error);
        }
        let mut asked = self.asked.lock().unwrap();
        asked.push(challenge.subject.subscriber.clone());
        let state = json!({ "message": asked.len(), "left": 3 });
        Ok((sms_otp(), Started { state }))
    }

    fn admit(&self, _: &AuthenticatorId, state: &Value) -> Result<Value, Exhausted> {
        let left = state["left"].as_u64().unwrap().checked_sub(1).ok_or(Exhausted)?;
        Ok(json!({ "message": state["message"], "left": left }))
    }

    async fn evaluate(
        &self,
        _: &AuthenticatorId,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        self.evaluated.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let code = format!("{:06}", state["message"].as_u64().unwrap());
        if challenge.subject.subscriber.is_some() && answer.field("code") == Some(&code) {
            return Ok(Answered::Verified(Evidence {
                authenticator: sms_otp(),
                level: if self.weak.load(Ordering::SeqCst) { Loa::One } else { Loa::Two },
                amr_mobile_connect: vec![Amr::new("OTP_OK")],
                amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
                at: self.clock.get().unwrap().now(),
            }));
        }
        Ok(if state["left"] == 0 { Answered::Failed } else { Answered::Wrong })
    }

    fn prompt(
        &self,
        _: &AuthenticatorId,
        challenge: Challenge<'_>,
        _: &Value,
        wrong: bool,
    ) -> Option<PromptFragment> {
        let masked = &challenge.subject.masked;
        Some(PromptFragment {
            heading: "Enter the code".to_owned(),
            html: format!("<p>{masked} wrong={wrong}</p><input name=\"code\">"),
            again_after: Some(30),
        })
    }
}
