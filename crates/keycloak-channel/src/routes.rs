//! `POST /keycloak/{realm}/authenticate`

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use fiador_http_kit::{BodyRejection, Problem, no_store, read_body};
use fiador_kernel::Timestamp;
use fiador_ports::{JourneyStoreError, SignedPurpose};
use fiador_wire_oauth::authorization_header::AuthorizationHeader;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use tokio::time::sleep;

use crate::{
    KeycloakChannel,
    bearer::{BadBearer, Realm},
    callback::tell,
    follow::{give_up, outcome_of},
    open::{NotOpened, Opened},
    request::{BadRequest, ChannelRequest},
};

/// Longest body, in bytes (T-001).
const BODY: usize = 16 * 1024;
/// Keycloak begins to wait when it has our answer, and drops a request whose outcome comes before.
const SETTLING: Duration = Duration::from_secs(1);
/// The outcome must arrive before the token expires, by Keycloak's clock and after further tries.
const MARGIN: Duration = Duration::from_secs(5);

/// A realm's route.
#[derive(Clone)]
struct Place {
    channel: Arc<KeycloakChannel>,
    realm: Arc<Realm>,
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("there is no bearer token")]
    NoBearer,
    #[error(transparent)]
    Bearer(#[from] BadBearer),
    #[error("the token was used before")]
    Replayed,
    #[error("the application that the client is here is not registered, or disabled")]
    NoApplication,
    #[error(transparent)]
    Body(#[from] BodyRejection),
    #[error(transparent)]
    Request(#[from] BadRequest),
    #[error("too many journeys are being followed")]
    Busy,
    #[error(transparent)]
    NotOpened(#[from] NotOpened),
}

impl KeycloakChannel {
    /// A route for each realm: what `ciba-http-auth-channel-uri` names.
    pub fn routes(self: &Arc<Self>) -> Router {
        self.realms.iter().fold(Router::new(), |router, realm| {
            let path = format!("/keycloak/{}/authenticate", realm.settings.id);
            let place = Place { channel: Arc::clone(self), realm: Arc::clone(realm) };
            router.merge(Router::new().route(&path, post(authenticate)).with_state(place))
        })
    }
}

async fn authenticate(State(place): State<Place>, request: Request) -> Response {
    match place.take(request).await {
        Ok(()) => {
            let mut response = StatusCode::CREATED.into_response();
            no_store(response.headers_mut());
            response
        }
        Err(refused) => {
            tracing::warn!(realm = %place.realm.settings.id, error = %refused, "a request of Keycloak is refused");
            problem(&refused).into_response()
        }
    }
}

impl Place {
    /// Token, body, journey; the rest happens in a task of its own.
    async fn take(&self, request: Request) -> Result<(), Refused> {
        let Self { channel, realm } = self;
        let ports = &channel.ports;
        let token = bearer_of(request.headers()).ok_or(Refused::NoBearer)?;
        let bearer = realm.verified(&token, ports.clock.now()).await?;
        let client = ports.clients.find(&bearer.client_id).filter(|client| client.enabled);
        let client = client.ok_or(Refused::NoApplication)?;
        let body = read_body(request.into_body(), BODY).await?;
        let asked = ChannelRequest::read(&body)?;
        let place = Arc::clone(&channel.places).try_acquire_owned().map_err(|_| Refused::Busy)?;
        let purpose = SignedPurpose::ChannelRequest;
        let first =
            ports.replay.first_use(purpose, realm.id(), bearer.jti, bearer.expires_at).await;
        if !first.map_err(NotOpened::from)? {
            return Err(Refused::Replayed);
        }
        let opened = channel.open(&realm.settings, &client, &asked).await?;
        let until = bearer.expires_at.before(MARGIN).min(opened.deadline);
        let this = self.clone();
        channel.tasks.spawn(async move {
            this.see_through(opened, &token, until).await;
            drop(place);
        });
        Ok(())
    }

    async fn see_through(&self, opened: Opened, token: &str, until: Timestamp) {
        let Self { channel, realm } = self;
        let ports = &channel.ports;
        let followed = async {
            tokio::select! {
                outcome = outcome_of(ports, &opened, until) => outcome,
                () = channel.closing.cancelled() => give_up(ports, &opened).await,
            }
        };
        let (outcome, ()) = tokio::join!(followed, sleep(SETTLING));
        metrics::counter!("fiador_keycloak_outcomes_total", "outcome" => outcome.as_str())
            .increment(1);
        let (journey, outcome_name) = (&opened.journey, outcome.as_str());
        match tell(&*ports.fetch, &realm.callback(), token, outcome).await {
            Ok(()) => {
                tracing::info!(%journey, outcome = outcome_name, "Keycloak knows the outcome");
            }
            Err(error) => {
                tracing::warn!(%journey, outcome = outcome_name, %error, "Keycloak was not told the outcome");
            }
        }
    }
}

fn bearer_of(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (all.next(), all.next()) else { return None };
    match AuthorizationHeader::parse(value.as_bytes()) {
        Ok(AuthorizationHeader::Bearer(token)) => Some(token.as_str().to_owned()),
        _ => None,
    }
}

fn problem(refused: &Refused) -> Problem {
    let unavailable = || {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "channel.unavailable",
            "The phone cannot be asked now",
        )
    };
    let invalid = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "channel.request_invalid",
            "The request is not one that this channel serves",
        )
    };
    match refused {
        Refused::NoBearer | Refused::Replayed | Refused::Bearer(BadBearer::Claim(_)) => {
            unauthorized()
        }
        Refused::Bearer(BadBearer::Signature(error)) if error.is_temporary() => unavailable(),
        Refused::Bearer(BadBearer::Signature(_)) => unauthorized(),
        Refused::Bearer(BadBearer::NotListed) | Refused::NoApplication => Problem::new(
            StatusCode::FORBIDDEN,
            "channel.client_not_listed",
            "The client may not use this channel",
        ),
        Refused::Body(rejection) => Problem::from(*rejection),
        Refused::Request(reason) => invalid().detail(reason.to_string()),
        Refused::NotOpened(NotOpened::Unserved(reason)) => unavailable().detail(reason.to_string()),
        Refused::Busy
        | Refused::NotOpened(
            NotOpened::Store(_)
            | NotOpened::Journeys(JourneyStoreError::Full | JourneyStoreError::Store(_)),
        ) => unavailable(),
    }
}

fn unauthorized() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "channel.token_invalid",
        "The token is not one of this realm, or was used before",
    )
}
