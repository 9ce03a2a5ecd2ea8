//! Where gateways tell what became of messages.
//!
//! A notice only ever says that a message arrived or failed: it proves nothing about the user, and
//! extends no code's life (T-130). Notices about unknown, old or forged names are answered like all
//! others, so nobody learns by asking which messages there are.

mod authentic;
pub mod notice;
mod settings;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::any,
};
use fiador_kernel::Clock;
use http::{HeaderValue, Method, Request, StatusCode, header::CACHE_CONTROL};
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::Semaphore;

pub use authentic::{HmacSettings, SignatureEncoding, SignedTimestamp};
pub use notice::{NamedBy, Notice};
pub use settings::{
    Authenticity, DeliverySettings, DeliverySettingsError, MessageName, NoticeFormat,
};

use crate::{gateway::HttpGateway, measure};

/// The route of all webhooks.
pub const DELIVERIES_PATH: &str = "/message-gateways/{name}/deliveries";
/// Bytes of a notice at most (T-260).
const MAX_BODY: usize = 64 * 1024;
/// Notices that are taken in at once; more are asked to come again.
const PARALLEL: usize = 64;

/// The webhooks of all gateways.
#[derive(Clone)]
pub struct DeliveryWebhook(Arc<Webhook>);

struct Webhook {
    gateways: HashMap<String, Arc<HttpGateway>>,
    clock: Arc<dyn Clock>,
    places: Semaphore,
}

impl DeliveryWebhook {
    /// Webhooks for those of the gateways that have `deliveries` set.
    pub fn new(
        gateways: impl IntoIterator<Item = Arc<HttpGateway>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let told = gateways.into_iter().filter(|gateway| gateway.deliveries().is_some());
        let gateways = told.map(|gateway| (gateway.name().to_owned(), gateway)).collect();
        Self(Arc::new(Webhook { gateways, clock, places: Semaphore::new(PARALLEL) }))
    }

    /// [`DELIVERIES_PATH`], for POST, and for GET where notices come in the query. The listener
    /// bounds time and connections.
    pub fn router(&self) -> Router {
        Router::new().route(DELIVERIES_PATH, any(take_in)).with_state(self.clone())
    }
}

/// Where a gateway reports on the message with `reference`.
pub(crate) fn callback(base_url: &str, name: &str, reference: &str) -> String {
    let path = DELIVERIES_PATH.replace("{name}", name);
    format!("{base_url}{path}?reference={reference}")
}

/// 200 whenever the notice was authentic and readable, whatever it was about: a gateway that gets
/// anything else tries again. Kannel takes no other success than 200.
async fn take_in(
    State(DeliveryWebhook(webhook)): State<DeliveryWebhook>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Response {
    let Some(gateway) = webhook.gateways.get(&name) else {
        return answer(StatusCode::NOT_FOUND);
    };
    let Ok(_place) = webhook.places.try_acquire() else {
        return answer(StatusCode::SERVICE_UNAVAILABLE);
    };
    answer(webhook.read(gateway, request).await)
}

impl Webhook {
    async fn read(&self, gateway: &HttpGateway, request: Request<Body>) -> StatusCode {
        let Some(settings) = gateway.deliveries() else { return StatusCode::NOT_FOUND };
        let in_query = settings.format == NoticeFormat::Query;
        if request.method() != Method::POST && !(in_query && request.method() == Method::GET) {
            return StatusCode::METHOD_NOT_ALLOWED;
        }
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
            return StatusCode::PAYLOAD_TOO_LARGE;
        };
        let body = body.to_bytes();
        if let Authenticity::Hmac(hmac) = &settings.authenticity {
            let secret = settings.secret.expose().as_bytes();
            if !hmac.is_authentic(secret, &head.headers, &body, self.clock.now()) {
                measure::gateway_notice(gateway.name(), "unauthentic");
                tracing::warn!(
                    message_centre = gateway.name(),
                    "a notice is not signed by the gateway; compare the secrets and the clocks"
                );
                return StatusCode::UNAUTHORIZED;
            }
        }
        let Ok(notices) = notice::read(settings, head.uri.query().unwrap_or_default(), &body)
        else {
            measure::gateway_notice(gateway.name(), "unreadable");
            tracing::warn!(
                message_centre = gateway.name(),
                "a notice cannot be read; compare `deliveries` with the gateway's manual"
            );
            return StatusCode::BAD_REQUEST;
        };
        for notice in &notices {
            gateway.notice(notice).await;
        }
        StatusCode::OK
    }
}

fn answer(status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
