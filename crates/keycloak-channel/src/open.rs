//! From a request to a journey whose phone is being reached.

use std::sync::Arc;

use fiador_domain::{
    journey::{AFTERMATH, Ask, DoorState, Journey, LIFETIME, Origin, Stage, Subject},
    profile::Profile,
    routing::{Need, Unserved},
    subscriber::{Subscriber, SubscriberStatus},
};
use fiador_kernel::{Digest, JourneyId, Msisdn, handle};
use fiador_ports::{JourneyStoreError, Known, StartError, StoreError, Versioned};

use crate::{
    KeycloakChannel,
    bearer::{Bearer, Realm},
    request::ChannelRequest,
};

/// Why nobody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotOpened {
    /// Nobody could answer.
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
}

impl KeycloakChannel {
    /// Opens the journey and has the phone reached. What routing says of the person afterwards is told
    /// at the callback alone: the answer to the request is the same for everybody (T-048).
    pub(crate) async fn open(
        &self,
        realm: &Realm,
        bearer: &Bearer,
        request: ChannelRequest,
    ) -> Result<Opened, NotOpened> {
        let (subject, subscriber) = self.find(&request.number).await?;
        let ask = ask(realm, bearer, &request);
        let origin = origin(realm, &subject);
        self.ports.router.plan(Need::of(&ask, &origin, false))?;
        let now = self.ports.clock.now();
        let journey = Journey {
            id: JourneyId::random(&*self.ports.entropy),
            ask: Arc::new(ask),
            door: DoorState { door: "keycloak".to_owned(), content: "{}".into() },
            browser: None,
            page: None,
            origin,
            opened_at: now,
            expires_at: now + LIFETIME + AFTERMATH,
            stage: Stage::Identified { subject },
        };
        let (handle, id) = (Digest::of(handle(&*self.ports.entropy)), journey.id.clone());
        self.ports.journeys.open(handle, journey).await?;
        tracing::info!(client_id = %bearer.client_id, journey = %id, "a journey was opened");
        let number = subscriber.is_some().then_some(&request.number);
        let known = Known { number, subscriber: subscriber.as_ref() };
        if let Err(error) = self.ports.router.start(handle, known).await {
            self.not_started(&id, handle, error).await?;
        }
        Ok(Opened { handle, journey: id })
    }

    /// A phone that cannot be reached now is not tried again: the person asks anew.
    async fn not_started(
        &self,
        journey: &JourneyId,
        handle: Digest,
        error: StartError,
    ) -> Result<Option<Versioned>, StoreError> {
        tracing::info!(%journey, %error, "the phone was not reached");
        self.ports.router.abandon(handle).await
    }

    async fn find(&self, number: &Msisdn) -> Result<(Subject, Option<Subscriber>), StoreError> {
        let vault = &self.ports.vault;
        let msisdn_index = vault.msisdn_index(number);
        let holder = self.ports.subscribers.find_by_msisdn(msisdn_index).await?;
        let subscriber = holder.filter(|holder| holder.status == SubscriberStatus::Active);
        let subject = Subject {
            subscriber: subscriber.as_ref().map(|subscriber| subscriber.id.clone()),
            msisdn_index,
            number_block: vault.one_time_code_hash("number_block", number.block()),
            masked: number.to_string(),
        };
        Ok((subject, subscriber))
    }
}

fn ask(realm: &Realm, bearer: &Bearer, request: &ChannelRequest) -> Ask {
    Ask {
        client: bearer.client_id.clone(),
        client_name: bearer.client.name.clone(),
        profile: Profile::Oidc,
        scopes: request.scopes.clone(),
        levels: request.levels.clone(),
        levels_voluntary: false,
        context: None,
        binding_message: Some(request.binding_message.clone()),
        prompt: [].into(),
        reveals_state: bearer.client.reveal_subscriber_state,
        language: realm.settings.language,
    }
}

/// One server asks for everybody: budgets by network would stop them all, so each number counts as a
/// network of its own here. Those of the client and of the number hold as ever.
fn origin(realm: &Realm, subject: &Subject) -> Origin {
    let network = format!("keycloak:{}:{}", realm.settings.id, subject.msisdn_index.abbreviated());
    Origin { network, ..Origin::default() }
}
