//! Pushed requests between the push and their only use.
//!
//! One is kept as a journey that nobody has begun yet, under a door of its own: no browser has the
//! secret of it, and the pages of journeys do not know the door.

use std::time::Duration;

use fiador_domain::{
    client::Client,
    journey::{Ask, DoorState, Journey, Origin, Refusal as End, Stage},
};
use fiador_kernel::{ClientId, Digest, JourneyId, Language, ScopeSet, handle};
use fiador_wire_oauth::parameters::{Limits, Parameters};

use super::Refusal;
use crate::{
    AuthServer,
    authorize::Stop,
    check::{Parsed, Unaddressed},
};

/// How long a reference may be used: a browser is on its way there already (RFC 9126 §2.2).
pub(super) const LIFETIME: Duration = Duration::from_mins(1);
/// Longest request that is kept, in bytes of its encoded form: about what a journey takes, so that
/// the bound on journeys bounds the memory of both (T-260).
const MAX_ENCODED: usize = 8 * 1024;
/// What references begin with (RFC 9126 §2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";
/// The name of this door in journeys.
const DOOR: &str = "pushed";

impl AuthServer {
    /// Keeps a request that has passed every check; gives the reference to it.
    pub(super) async fn keep_pushed_request(
        &self,
        client: &Client,
        parameters: String,
    ) -> Result<String, Refusal> {
        if parameters.len() > MAX_ENCODED {
            return Err(Refusal::TooLong);
        }
        let now = self.clock.now();
        let journey = Journey {
            id: JourneyId::random(&*self.entropy),
            ask: nobody_asked_yet(client).into(),
            door: DoorState { door: DOOR.to_owned(), content: parameters.into() },
            // No browser has begun it, so none can enter it.
            browser: None,
            page: None,
            origin: Origin::default(),
            opened_at: now,
            expires_at: now + LIFETIME,
            stage: Stage::Received,
        };
        let reference = handle(&*self.entropy);
        self.journeys.open(Digest::of(&reference), journey).await?;
        Ok(format!("{URN}{reference}"))
    }

    /// The request that `request_uri` refers to, if it refers to a pushed one. What stands beside it
    /// does not count (RFC 9126 §4). It is used up: of several callers one gets it.
    pub(crate) async fn open_pushed_request(&self, parsed: Parsed) -> Result<Parsed, Stop> {
        let parameters = parsed.parameters();
        let Some(reference) = only(parameters, "request_uri").and_then(|uri| uri.strip_prefix(URN))
        else {
            return Ok(parsed);
        };
        let client = only(parameters, "client_id").ok_or(Unaddressed::ClientMissing)?;
        let taken = match ClientId::new(client) {
            Ok(client) => self.take_pushed_request(reference, &client).await?,
            Err(_) => None,
        };
        Ok(Parsed::pushed(taken.ok_or(Unaddressed::PushedRequest)?))
    }

    async fn take_pushed_request(
        &self,
        reference: &str,
        client: &ClientId,
    ) -> Result<Option<Parameters>, Stop> {
        let (handle, now) = (Digest::of(reference), self.clock.now());
        let Some(kept) = self.journeys.read(handle, now).await? else { return Ok(None) };
        let Journey { ask, door, stage, .. } = &kept.journey;
        if door.door != DOOR || ask.client != *client || stage.is_final() {
            return Ok(None);
        }
        let parameters = Parameters::parse_within(door.content.as_bytes(), Limits::BODY).ok();
        let used = Journey {
            door: DoorState { door: DOOR.to_owned(), content: "".into() },
            stage: Stage::Refused { reason: End::TimedOut, at: now },
            ..kept.journey
        };
        let is_ours = self.journeys.use_up(handle, kept.version, used).await?;
        Ok(parameters.filter(|_| is_ours))
    }
}

/// A parameter that was sent once.
fn only<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p str> {
    let is_repeated = parameters.repeated().any(|repeated| repeated == name);
    parameters.get_non_empty(name).filter(|_| !is_repeated)
}

/// What is asked is known when the request is used.
fn nobody_asked_yet(client: &Client) -> Ask {
    Ask {
        client: client.id.clone(),
        client_name: client.name.clone(),
        profile: client.profile,
        scopes: ScopeSet::default(),
        levels: Vec::new(),
        levels_voluntary: true,
        context: None,
        binding_message: None,
        prompt: [].into(),
        reveals_state: client.reveal_subscriber_state,
        language: Language::En,
    }
}
