//! One authentication, from the request to the answer.
//!
//! ```text
//! Received ──identify──► Identified ──challenge──► Challenged ──verify──► Verified ──grant──► Granted
//!     │                      │                      │   ▲                     │
//!     │                      │                      └───┘ challenge again     │
//!     └──────────────────────┴─────────── refuse ───┴─────────────────────────┴────► Refused
//! ```
//!
//! Every door (OpenID Connect, later server-initiated, CIBA, CAMARA) opens a journey and reads its
//! end; every authenticator answers its challenge. A stage holds only what exists at that stage; a
//! transition consumes the old stage and may refuse, so a late or repeated event finds no stage it
//! fits and changes nothing. Rejected: one struct of optional fields, in which "verified" and
//! "challenged" could both be set.

mod chain;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use fiador_kernel::{
    ClientId, Digest, JourneyId, Language, Loa, ScopeSet, SubscriberId, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    assurance::Evidence,
    audit::{AuditEvent, AuditKind},
    profile::Profile,
    routing::PromptValue,
    session::LoginSession,
};

pub use chain::{Chain, ChainStep, Delivery, Ending, Prompt, Tried};

/// A journey that nobody finished is over after so long (T-106).
pub const LIFETIME: Duration = Duration::from_mins(5);
/// A journey is remembered for so long after its deadline: the browser that comes late is sent back
/// to the service provider with an error (mobile-connect §2.6, timeout).
pub const AFTERMATH: Duration = Duration::from_mins(5);

/// One authentication. Every move makes a new value of it, so what stays the same is shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journey {
    /// For logs and audit; the handle that opens the journey is another value.
    pub id: JourneyId,
    /// What is asked, whatever the door.
    pub ask: Arc<Ask>,
    /// What the door needs to give its answer. Only the door that wrote it reads it.
    pub door: DoorState,
    /// SHA-256 of the browser's binding secret: the cookie must match at every step (T-034). `None`
    /// for a door without a browser.
    pub browser: Option<Digest>,
    /// Where that browser waits: the address of the journey's page.
    #[serde(default)]
    pub page: Option<Arc<str>>,
    /// Where the request came from.
    pub origin: Origin,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it is forgotten, some time after its [deadline](Self::deadline).
    pub expires_at: Timestamp,
    /// How far it has come.
    pub stage: Stage,
}

/// What a door asks of the journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Who asks.
    pub client: ClientId,
    /// Its registered name, which the user sees.
    pub client_name: String,
    /// Its world.
    pub profile: Profile,
    /// Scopes asked for and allowed.
    pub scopes: ScopeSet,
    /// `acr_values`, in order of preference; empty means any.
    pub levels: Vec<Loa>,
    /// The levels are a wish (see [`crate::routing::Need`]).
    pub levels_voluntary: bool,
    /// What the transaction is about, shown on both screens.
    pub context: Option<String>,
    /// Short text shown on both screens.
    pub binding_message: Option<String>,
    /// What the user must be asked anew, by the values of `prompt` (OpenID Connect Core §3.1.2.1).
    #[serde(default)]
    pub prompt: BTreeSet<PromptValue>,
    /// The client may be told that a subscriber is not served
    /// ([`crate::client::Client::reveal_subscriber_state`]).
    #[serde(default)]
    pub reveals_state: bool,
    /// The language of pages and messages.
    pub language: Language,
}

impl Ask {
    /// The user must be asked for consent even if there is one.
    pub fn is_consent_anew(&self) -> bool {
        self.prompt.contains(&PromptValue::Consent)
    }

    /// The binding message, if it is a number that can be chosen among others: from `10` to `99`.
    /// Where no browser of ours waits, such a message is not shown on the phone but chosen there
    /// (T-107, T-108).
    pub fn number_to_choose(&self) -> Option<u8> {
        Self::two_digits(self.binding_message.as_deref()?)
    }

    /// A text as a number from 10 to 99.
    pub fn two_digits(text: &str) -> Option<u8> {
        let is_number = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|number| is_number && *number >= 10)
    }
}

/// Where a request came from, as far as budgets and policy need to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The network of the browser (`/24`, `/56`), or of the caller where there is no browser.
    pub network: String,
    /// The country that the network is in (ISO 3166-1 alpha-2), if a trusted proxy says so.
    pub country: Option<String>,
    /// The browser says that it runs on a handset. Never proof of anything: it chooses pages and
    /// authenticators only (T-110).
    pub on_handset: bool,
}

/// State of a door, opaque to everybody else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoorState {
    /// Which door: `authorize`, …
    pub door: String,
    /// Its own content, as JSON text: a tree of values would take several times the memory.
    pub content: Arc<str>,
}

/// Who is to authenticate.
///
/// An unknown number travels the same road as a known one, but no message leaves and no code is
/// right, so that nothing outside tells them apart (T-048).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The subscription; `None` for a number that is unknown, blocked or off-net.
    pub subscriber: Option<SubscriberId>,
    /// Keyed hash of the number: what budgets are counted on.
    pub msisdn_index: Digest,
    /// Keyed hash of the number's block (first seven digits): budgets count on it.
    pub number_block: Digest,
    /// The masked number for pages.
    pub masked: String,
}

/// How far a journey has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The request is good; nobody has said yet whose phone it is.
    Received,
    /// It is known whose phone to reach.
    Identified {
        /// Who.
        subject: Subject,
    },
    /// The phone was reached and an answer is awaited.
    Challenged {
        /// Who.
        subject: Subject,
        /// By whom, and who comes next.
        chain: Chain,
    },
    /// The subscriber has proven to be there.
    Verified {
        /// Who.
        subscriber: SubscriberId,
        /// How.
        evidence: Evidence,
        /// The login session that the proof comes from; `None` if it comes from this journey.
        session: Option<Digest>,
    },
    /// The answer has been given to the door.
    Granted {
        /// Who.
        subscriber: SubscriberId,
        /// When.
        at: Timestamp,
    },
    /// There will be no authentication.
    Refused {
        /// Why.
        reason: Refusal,
        /// When.
        at: Timestamp,
    },
}

/// Why a journey ended without authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The user said no.
    Denied,
    /// Too many wrong answers.
    Failed,
    /// Nobody finished it in time.
    TimedOut,
    /// The user did not agree to share what was asked.
    ConsentDenied,
    /// No message may be sent now: a budget is used up.
    BudgetExhausted,
    /// Too many failures of this subscription: locked for a while.
    LockedOut,
    /// No authenticator works at the moment.
    Unavailable,
    /// What was proven is less than what was asked for, and nobody is left to prove more (T-100).
    LevelUnmet,
}

impl Refusal {
    /// The word in logs and audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::ConsentDenied => "consent_denied",
            Self::BudgetExhausted => "budget_exhausted",
            Self::LockedOut => "locked_out",
            Self::Unavailable => "unavailable",
            Self::LevelUnmet => "level_unmet",
        }
    }
}

/// An event that does not fit the stage: late, repeated or out of order. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journey is {was}, not {wanted}")]
pub struct WrongStage {
    /// The stage it is in.
    pub was: &'static str,
    /// The stage the event is for.
    pub wanted: &'static str,
}

impl Stage {
    /// The name in logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Identified { .. } => "identified",
            Self::Challenged { .. } => "challenged",
            Self::Verified { .. } => "verified",
            Self::Granted { .. } => "granted",
            Self::Refused { .. } => "refused",
        }
    }

    /// Whether nothing can happen any more.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Granted { .. } | Self::Refused { .. })
    }

    /// Who is to be reached, where somebody has said so and nobody has been yet.
    pub const fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Identified { subject } | Self::Challenged { subject, .. } => Some(subject),
            _ => None,
        }
    }

    /// Whose journey it is, as far as that is known.
    pub const fn subscriber(&self) -> Option<&SubscriberId> {
        match self {
            Self::Received | Self::Refused { .. } => None,
            Self::Identified { subject } | Self::Challenged { subject, .. } => {
                subject.subscriber.as_ref()
            }
            Self::Verified { subscriber, .. } | Self::Granted { subscriber, .. } => {
                Some(subscriber)
            }
        }
    }

    const fn wrong(&self, wanted: &'static str) -> WrongStage {
        WrongStage { was: self.name(), wanted }
    }

    /// Somebody said whose phone it is. A number may be corrected until the phone was reached.
    pub fn identify(self, subject: Subject) -> Result<Self, WrongStage> {
        match self {
            Self::Received | Self::Identified { .. } => Ok(Self::Identified { subject }),
            other => Err(other.wrong("received or identified")),
        }
    }

    /// The phone has been reached, for the first time, again, or in another way. Whatever prompt the
    /// new chain does not hold is void (T-121).
    pub fn challenge(self, chain: Chain) -> Result<Self, WrongStage> {
        match self {
            Self::Identified { subject } | Self::Challenged { subject, .. } => {
                Ok(Self::Challenged { subject, chain })
            }
            other => Err(other.wrong("identified or challenged")),
        }
    }

    /// The challenge was answered. Only a known subscriber can have answered it.
    pub fn verify(self, evidence: Evidence) -> Result<Self, WrongStage> {
        match self {
            Self::Challenged { subject: Subject { subscriber: Some(subscriber), .. }, .. } => {
                Ok(Self::Verified { subscriber, evidence, session: None })
            }
            other => Err(other.wrong("challenged with a known subscriber")),
        }
    }

    /// A login session answers instead of the phone.
    pub fn resume(self, session: LoginSession) -> Result<Self, WrongStage> {
        let LoginSession { id, subscriber, evidence, .. } = session;
        match self {
            Self::Received | Self::Identified { .. } => {
                Ok(Self::Verified { subscriber, evidence, session: Some(id) })
            }
            other => Err(other.wrong("received or identified")),
        }
    }

    /// The door has given its answer: it can do so once.
    pub fn grant(self, at: Timestamp) -> Result<Self, WrongStage> {
        match self {
            Self::Verified { subscriber, .. } => Ok(Self::Granted { subscriber, at }),
            other => Err(other.wrong("verified")),
        }
    }

    /// No phone was reached by the first step after all, and may be later: a budget is used up.
    pub fn back_out(self) -> Result<Self, WrongStage> {
        match self {
            Self::Challenged { subject, chain } if !chain.has_asked() => {
                Ok(Self::Identified { subject })
            }
            other => Err(other.wrong("challenged without a prompt")),
        }
    }

    /// The journey ends here.
    pub fn refuse(self, reason: Refusal, at: Timestamp) -> Result<Self, WrongStage> {
        if self.is_final() { Err(self.wrong("open")) } else { Ok(Self::Refused { reason, at }) }
    }
}

impl Journey {
    /// When it is over: nothing that belongs to it is good for longer (T-106).
    pub fn deadline(&self) -> Timestamp {
        self.opened_at + LIFETIME
    }

    /// What somebody without the browser's cookie may find it by: the references of live prompts.
    pub fn references(&self) -> impl Iterator<Item = Digest> {
        let live = match &self.stage {
            Stage::Challenged { chain, .. } => chain.live.as_slice(),
            _ => &[],
        };
        live.iter().filter_map(|prompt| prompt.reference)
    }

    /// What the audit log says when this journey, as it is before that, is refused at `at`.
    pub fn refusal_event(&self, reason: Refusal, at: Timestamp) -> AuditEvent {
        AuditEvent {
            at,
            kind: AuditKind::AuthenticationRefused,
            client: Some(self.ask.client.clone()),
            subscriber: self.stage.subscriber().cloned(),
            grant: None,
            journey: Some(self.id.clone()),
            detail: Some(reason.as_str().to_owned()),
        }
    }

    /// Whether it is over without an end: the next who comes ends it.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        now >= self.deadline() && !self.stage.is_final()
    }

    /// Whether it is forgotten.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use fiador_kernel::{Amr, AuthenticatorId};
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Debug)]
    enum Event {
        Identify { known: bool },
        Challenge,
        Verify,
        Resume,
        Grant,
        Refuse,
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            any::<bool>().prop_map(|known| Event::Identify { known }),
            Just(Event::Challenge),
            Just(Event::Verify),
            Just(Event::Resume),
            Just(Event::Grant),
            Just(Event::Refuse),
        ]
    }

    fn evidence() -> Evidence {
        Evidence {
            authenticator: AuthenticatorId::new("sms_otp").unwrap(),
            level: Loa::Two,
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp")],
            at: Timestamp::default(),
        }
    }

    fn apply(stage: Stage, event: &Event) -> Result<Stage, WrongStage> {
        let subscriber = || SubscriberId::new("s1").unwrap();
        match event {
            Event::Identify { known } => stage.identify(Subject {
                subscriber: known.then(subscriber),
                msisdn_index: Digest::of("n"),
                number_block: Digest::of("block"),
                masked: "+34*******01".to_owned(),
            }),
            Event::Challenge => stage.challenge(Chain::default()),
            Event::Verify => stage.verify(evidence()),
            Event::Resume => stage.resume(LoginSession {
                id: Digest::of("cookie"),
                subscriber: subscriber(),
                evidence: evidence(),
                created_at: Timestamp::default(),
                used_at: Timestamp::default(),
            }),
            Event::Grant => stage.grant(Timestamp::default()),
            Event::Refuse => stage.refuse(Refusal::Denied, Timestamp::default()),
        }
    }

    proptest! {
        #[test]
        fn random_events_never_reach_a_grant_without_a_proof(events in prop::collection::vec(event(), 0..40)) {
            let mut stage = Stage::Received;
            let (mut proofs, mut known, mut grants) = (0, false, 0);
            for event in &events {
                let before = stage.clone();
                match apply(stage, event) {
                    Ok(after) => {
                        prop_assert!(!before.is_final(), "a final stage changed: {before:?} by {event:?}");
                        match event {
                            Event::Identify { known: yes } => known = *yes,
                            Event::Verify => {
                                prop_assert!(known, "an unknown number was verified");
                                proofs += 1;
                            }
                            Event::Resume => proofs += 1,
                            Event::Grant => grants += 1,
                            Event::Challenge | Event::Refuse => {}
                        }
                        stage = after;
                    }
                    Err(wrong) => {
                        prop_assert_eq!(wrong.was, before.name());
                        stage = before;
                    }
                }
            }
            prop_assert!(grants <= 1 && proofs <= 1 && grants <= proofs);
        }
    }

    #[test]
    fn a_stage_survives_storage() {
        let stage = apply(Stage::Received, &Event::Identify { known: true }).unwrap();
        let text = serde_json::to_string(&stage).unwrap();
        assert_eq!(serde_json::from_str::<Stage>(&text).unwrap(), stage);
    }
}
