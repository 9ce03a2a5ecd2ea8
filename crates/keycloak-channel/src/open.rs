//! From a request to a journey whose phone is being reached.

use std::sync::Arc;

use fiador_domain::{
    client::Client,
    journey::{AFTERMATH, Ask, DoorState, Journey, LIFETIME, Origin, Stage, Subject},
    routing::{Need, Unserved},
    subscriber::Subscriber,
};
use fiador_kernel::{Digest, JourneyId, Msisdn, ScopeSet, Timestamp, handle};
use fiador_ports::{JourneyStoreError, Known, StoreError};

use crate::{KeycloakChannel, RealmSettings, request::ChannelRequest};

/// Why nobody is asked. None of it depends on the person (T-048).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotOpened {
    /// No authenticator works without a browser now, or none at the level.
    #[error(transparent)]
    Unserved(#[from] Unserved),
    /// Too many journeys, or no database.
    #[error(transparent)]
    Journeys(#[from] JourneyStoreError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A journey that is under way.
pub(crate) struct Opened {
    pub(crate) handle: Digest,
    pub(crate) journey: JourneyId,
    /// When it is over.
    pub(crate) deadline: Timestamp,
}

impl KeycloakChannel {
    /// Opens the journey and has the phone reached. What routing says of the person is told at the
    /// callback alone: the answer to the request is the same for everybody (T-048).
    pub(crate) async fn open(
        &self,
        realm: &RealmSettings,
        client: &Client,
        request: &ChannelRequest,
    ) -> Result<Opened, NotOpened> {
        let (subject, subscriber) = self.find(&request.number).await?;
        let ask = ask(realm, client, request);
        let origin = origin(realm, &subject);
        self.ports.router.plan(Need::of(&ask, &origin, false))?;
        let now = self.ports.clock.now();
        let journey = Journey {
            id: JourneyId::random(&*self.ports.entropy),
            ask: Arc::new(ask),
            // Everything that this door needs stays with the task that follows the journey.
            door: DoorState { door: "keycloak".to_owned(), content: "{}".into() },
            browser: None,
            page: None,
            origin,
            opened_at: now,
            expires_at: now + LIFETIME + AFTERMATH,
            stage: Stage::Identified { subject },
        };
        let handle = Digest::of(handle(&*self.ports.entropy));
        let opened = Opened { handle, journey: journey.id.clone(), deadline: journey.deadline() };
        self.ports.journeys.open(handle, journey).await?;
        tracing::info!(client_id = %client.id, journey = %opened.journey, "a journey was opened");
        let number = subscriber.is_some().then_some(&request.number);
        let known = Known { number, subscriber: subscriber.as_ref() };
        if let Err(error) = self.ports.router.start(handle, known).await {
            // It is not tried again, and waits like a phone that nobody answers (T-048).
            tracing::info!(journey = %opened.journey, %error, "the phone was not reached");
        }
        Ok(opened)
    }

    async fn find(&self, number: &Msisdn) -> Result<(Subject, Option<Subscriber>), StoreError> {
        let vault = &self.ports.vault;
        let msisdn_index = vault.msisdn_index(number);
        // Looked up also when it is not served, so that both take the same time (T-048).
        let holder = self.ports.subscribers.find_by_msisdn(msisdn_index).await?;
        let subscriber = holder.filter(|holder| self.serves(number) && holder.may_authenticate());
        let subject = Subject {
            subscriber: subscriber.as_ref().map(|subscriber| subscriber.id.clone()),
            msisdn_index,
            number_block: vault.number_block(number),
            masked: number.to_string(),
        };
        Ok((subject, subscriber))
    }

    /// Whether messages may go to this number: it is in a range of our own, unless the operator
    /// has said that ranges do not tell (T-123).
    fn serves(&self, number: &Msisdn) -> bool {
        self.ports.serves_ported_in_numbers || self.ports.numbering.is_own(number)
    }
}

fn ask(realm: &RealmSettings, client: &Client, request: &ChannelRequest) -> Ask {
    Ask {
        client: client.id.clone(),
        client_name: client.name.clone(),
        profile: client.profile,
        // What Keycloak hands out is Keycloak's: here somebody signs in, and nothing of ours is shared.
        scopes: ScopeSet::parse("openid").unwrap_or_default(),
        levels: if request.levels.is_empty() {
            realm.levels.clone()
        } else {
            request.levels.clone()
        },
        levels_voluntary: false,
        context: None,
        binding_message: Some(request.binding_message.clone()),
        prompt: [].into(),
        reveals_state: client.reveal_subscriber_state,
        language: realm.language,
    }
}

/// One server asks for everybody: a budget of its network would stop them all, so each number counts as a
/// network of its own here. The budgets of the client, the number and its block hold as ever (T-184).
fn origin(realm: &RealmSettings, subject: &Subject) -> Origin {
    let network = format!("keycloak:{}:{}", realm.id, subject.msisdn_index.abbreviated());
    Origin { network, ..Origin::default() }
}
