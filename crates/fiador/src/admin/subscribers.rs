//! `/admin/v1/subscribers`

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_domain::subscriber::{Attributes, Subscriber, SubscriberStatus};
use fiador_http_kit::Problem;
use fiador_kernel::{Msisdn, SubscriberId};
use fiador_ports::StoreError;
use serde::Deserialize;

use super::Admin;

/// A subscription as the operator describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriberBody {
    /// The number, in any usual spelling.
    pub msisdn: String,
    /// `active` or `blocked`.
    pub status: SubscriberStatus,
    /// Authenticators enrolled: `sms_otp`.
    pub authenticators: Vec<String>,
    /// Attributes by OpenID Connect claim name.
    #[serde(default)]
    pub attributes: Attributes,
}

/// Adds or replaces the subscription with this id: 204; 409 when another one has the number.
pub async fn put(
    State(admin): State<Admin>,
    Path(id): Path<String>,
    Json(body): Json<SubscriberBody>,
) -> Response {
    let Ok(id) = SubscriberId::new(&id) else {
        return refused("subscriber.id", "the subscriber id is 1 to 255 visible ASCII characters");
    };
    let number = match Msisdn::parse(&body.msisdn, admin.home_region) {
        Ok(number) => number,
        Err(error) => return refused("subscriber.msisdn", error.to_string()),
    };
    let subscriber = Subscriber {
        id,
        msisdn_index: admin.vault.msisdn_index(&number),
        msisdn_sealed: admin.vault.seal_msisdn(&number),
        status: body.status,
        authenticators: body.authenticators,
        attributes_sealed: admin.vault.seal_attributes(&body.attributes),
    };
    match admin.subscribers.add(subscriber).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => Problem::new(StatusCode::CONFLICT, "subscriber.number_taken", "Number taken")
            .detail("another subscription holds this number")
            .into_response(),
        Err(error) => unavailable(error),
    }
}

fn refused(code: &'static str, detail: impl Into<std::borrow::Cow<'static, str>>) -> Response {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, "Not a subscription")
        .detail(detail)
        .into_response()
}

fn unavailable(error: StoreError) -> Response {
    tracing::error!(%error, "the subscription was not stored");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store.unavailable", "Not stored")
        .detail(error.to_string())
        .into_response()
}
