//! The contract between routing and an authenticator adaptor.
//!
//! An adaptor keeps its state inside the journey, as JSON that only it understands; it writes its
//! own part of the page, and serves pages of its own where its answer comes by another road than the
//! waiting browser ([`crate::Prompts`]). So a new authenticator is a new crate and a line of wiring.

use std::collections::BTreeMap;

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    journey::{Ask, Origin, Prompt, Subject},
    routing::Candidate,
};
use fiador_kernel::{Digest, JourneyId, Msisdn, Timestamp};
use serde_json::Value;

use crate::StoreError;

/// What an adaptor is told about the journey.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    /// For logs.
    pub journey: &'a JourneyId,
    /// What is asked.
    pub ask: &'a Ask,
    /// Whose phone to reach.
    pub subject: &'a Subject,
    /// The number of a known subject, where the request has just named it and the subscription was
    /// read by it; else whoever needs the number reads the subscription.
    pub number: Option<&'a Msisdn>,
    /// Where the request came from, for budgets.
    pub origin: &'a Origin,
    /// Where the browser waits; `None` for a door without one.
    pub page: Option<&'a str>,
    /// When the journey is over: nothing that is sent for it is good for longer (T-130).
    pub expires_at: Timestamp,
}

/// A challenge is under way.
#[derive(Clone, Debug)]
pub struct Started {
    /// The adaptor's state, kept in the journey.
    pub state: Value,
    /// SHA-256 of a secret of at least 128 bits by which [`crate::Prompts`] finds this prompt, where
    /// its answer comes by another road than the waiting browser.
    pub reference: Option<Digest>,
}

impl Started {
    /// Answered in the waiting browser alone.
    pub const fn answered_here(state: Value) -> Self {
        Self { state, reference: None }
    }
}

/// Why no challenge could be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// A budget of messages or prompts is used up; the same for known and unknown numbers (T-048,
    /// T-106, T-122).
    #[error("no prompt may be sent for another {} s", .0.as_secs())]
    BudgetExhausted(std::time::Duration),
    /// Too many failures of this subscription (T-103).
    #[error("the subscription is locked for another {} s", .0.as_secs())]
    LockedOut(std::time::Duration),
    /// The adaptor cannot reach any phone now.
    #[error("the authenticator is not available")]
    Unavailable,
    /// The text does not fit this authenticator.
    #[error("the transaction text does not fit this authenticator")]
    TextTooLong,
    /// There is no such journey, or it is forgotten.
    #[error("the journey is unknown or forgotten")]
    NoJourney,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An answer: form fields, or what the adaptor itself made of a message from outside.
#[derive(Clone, Debug)]
pub struct Answer {
    /// By which road it came. What is worth something by one road is worth nothing by the other: the
    /// waiting browser shows the number that the phone must choose (T-128).
    pub road: Road,
    /// Fields by name, each at most once.
    pub fields: BTreeMap<String, String>,
}

/// By which road an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// A form of the waiting browser, which has the journey's cookie.
    Browser,
    /// The prompt's reference: the phone, or a foreign authenticator.
    Reference,
}

impl Answer {
    /// Fields that came by `road`.
    pub fn by<N: Into<String>, V: Into<String>>(
        road: Road,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { road, fields }
    }

    /// One field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

/// No further answer will be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no attempt is left")]
pub struct Exhausted;

/// What an answer was worth.
#[derive(Clone, Debug)]
pub enum Answered {
    /// The subscriber is there.
    Verified(Evidence),
    /// Wrong; the page is shown again with the state as admitted.
    Wrong,
    /// Wrong, and it was the last attempt: this prompt is over, and so is the journey (T-104: no other
    /// authenticator gives new attempts).
    Failed,
    /// The person said no, and the journey is over (T-109).
    Denied,
    /// The authenticator could not ask, or nobody answered it: the next one may be tried.
    GaveUp,
}

/// The adaptor's part of the page: HTML made by its own escaping template, to be put inside the
/// gateway's frame and inside a `<form method="post">` whose fields come back as [`Answer`].
#[derive(Clone, Debug)]
pub struct PromptFragment {
    /// Page title and heading, plain text.
    pub heading: String,
    /// Escaped HTML.
    pub html: String,
    /// Whether the fragment has fields, so that the form needs a button. Otherwise the answer comes
    /// from elsewhere and the page only waits.
    pub answered_here: bool,
    /// Where the browser is to go instead of showing the fragment: a foreign authenticator.
    pub leads_to: Option<String>,
    /// Seconds until "send again" is allowed; `None` when it never is.
    pub again_after: Option<u64>,
}

/// One authenticator adaptor.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Name, ceiling and whether it works now.
    fn candidate(&self) -> Candidate;

    /// Reaches the phone. `previous` is the state of an earlier challenge of the same journey,
    /// which the new one voids. For an unknown subject everything happens but the message itself.
    async fn start(
        &self,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError>;

    /// Takes one attempt from `state`. The caller stores the new state by compare-and-set *before*
    /// the answer is evaluated, so that parallel answers cannot exceed the bound (T-121).
    fn admit(&self, state: &Value) -> Result<Value, Exhausted>;

    /// Evaluates an answer against an admitted state.
    async fn evaluate(
        &self,
        challenge: Challenge<'_>,
        state: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError>;

    /// Its part of the waiting page. `wrong`: the last answer was wrong.
    fn prompt(&self, challenge: Challenge<'_>, prompt: &Prompt, wrong: bool) -> PromptFragment;

    /// The prompt is void: another was answered first, the user gave up, or time is over. Whatever can
    /// still be taken back from the phone is. The journey does not wait for it.
    async fn cancel(&self, _challenge: Challenge<'_>, _state: &Value) {}
}
