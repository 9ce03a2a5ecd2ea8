//! An adaptor that answers as told and remembers what it was asked.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    journey::{Ask, Subject},
    profile::Profile,
    routing::Candidate,
};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Digest, JourneyId, Language, Loa, ScopeSet, SubscriberId,
    Timestamp,
};
use fiador_ports::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, StartError, Started,
    StoreError,
};
use serde_json::{Value, json};

pub(crate) struct Scripted {
    pub(crate) id: &'static str,
    pub(crate) ceiling: Loa,
    pub(crate) available: bool,
    pub(crate) start: Result<(), StartError>,
    pub(crate) claims: Loa,
    pub(crate) starts: AtomicUsize,
}

impl Scripted {
    pub(crate) fn new(id: &'static str, ceiling: Loa) -> Self {
        Self {
            id,
            ceiling,
            available: true,
            start: Ok(()),
            claims: ceiling,
            starts: AtomicUsize::new(0),
        }
    }

    pub(crate) fn refusing(self, error: StartError) -> Self {
        Self { start: Err(error), ..self }
    }

    pub(crate) fn claiming(self, claims: Loa) -> Self {
        Self { claims, ..self }
    }

    pub(crate) fn absent(self) -> Self {
        Self { available: false, ..self }
    }

    pub(crate) fn arc(self) -> Arc<Self> {
        Arc::new(self)
    }

    pub(crate) fn started(&self) -> usize {
        self.starts.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Authenticator for Scripted {
    fn candidate(&self) -> Candidate {
        Candidate { id: id(self.id), ceiling: self.ceiling, available: self.available }
    }

    async fn start(
        &self,
        _: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        self.starts.fetch_add(1, Ordering::SeqCst);
        self.start?;
        Ok(Started { state: json!({ "by": self.id, "previous": previous }) })
    }

    fn admit(&self, state: &Value) -> Result<Value, Exhausted> {
        Ok(json!({ "admitted_by": self.id, "state": state }))
    }

    async fn evaluate(
        &self,
        _: Challenge<'_>,
        _: &Value,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        Ok(match answer.field("code") {
            Some("right") => Answered::Verified(Evidence {
                authenticator: id(self.id),
                level: self.claims,
                amr_mobile_connect: vec![Amr::new("X_OK")],
                amr_rfc8176: vec![Amr::new("otp")],
                at: Timestamp::default(),
            }),
            _ => Answered::Wrong,
        })
    }

    fn prompt(&self, _: Challenge<'_>, _: &Value, _: bool) -> PromptFragment {
        PromptFragment { heading: self.id.to_owned(), html: String::new(), again_after: None }
    }
}

pub(crate) fn id(text: &str) -> AuthenticatorId {
    AuthenticatorId::new(text).unwrap()
}

/// A journey with the levels asked for.
pub(crate) struct Journey {
    id: JourneyId,
    ask: Ask,
    subject: Subject,
}

impl Journey {
    pub(crate) fn asking(levels: &[Loa]) -> Self {
        Self {
            id: JourneyId::new("journey-1").unwrap(),
            ask: Ask {
                client: ClientId::new("shop").unwrap(),
                client_name: "Shop".to_owned(),
                profile: Profile::MobileConnect,
                scopes: ScopeSet::default(),
                levels: levels.to_vec(),
                levels_voluntary: false,
                context: None,
                binding_message: None,
                consent_anew: false,
                language: Language::En,
            },
            subject: Subject {
                subscriber: Some(SubscriberId::new("s1").unwrap()),
                msisdn_index: Digest::of("n"),
                masked: "+34*******01".to_owned(),
            },
        }
    }

    pub(crate) fn challenge(&self) -> Challenge<'_> {
        Challenge {
            journey: &self.id,
            ask: &self.ask,
            subject: &self.subject,
            number: None,
            number_block: Digest::of("block"),
            browser_network: "198.51.100.0/24",
            expires_at: Timestamp::from_seconds(1_767_225_900),
        }
    }
}
