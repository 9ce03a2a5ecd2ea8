//! `/admin/v1/subscribers`

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use fiador_domain::{
    attribute::{find, is_blank},
    audit::{AuditEvent, AuditKind},
    subscriber::{Attributes, Subscriber, SubscriberStatus},
};
use fiador_http_kit::Problem;
use fiador_kernel::{ClientId, Msisdn, SubscriberId};
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
    /// Attributes by name ([`fiador_domain::attribute`]); blank ones are not known.
    #[serde(default)]
    pub attributes: Attributes,
}

/// Adds or replaces the subscription with this id: 204; 409 when another one has the number.
/// Before a block is acknowledged, everything of the subscription has ended as by [`end`] (T-223).
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
    if let Some(reason) = misshapen(&body.attributes) {
        return refused("subscriber.attribute", reason);
    }
    let changed = AuditEvent {
        at: admin.clock.now(),
        kind: AuditKind::SubscriberChanged,
        client: None,
        subscriber: Some(id.clone()),
        grant: None,
        journey: None,
        detail: Some(status_name(body.status).to_owned()),
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
        // When this fails the operator's system puts the same again, and it is written down then.
        Ok(true) => acknowledged(admin.audit.append(changed).await),
        Ok(false) => Problem::new(StatusCode::CONFLICT, "subscriber.number_taken", "Number taken")
            .detail("another subscription holds this number")
            .into_response(),
        Err(error) => unavailable(error),
    }
}

/// Removes the subscription and all that hangs on it: 204, also when there was none. From then on its
/// number can be another's, who gets pseudonyms of their own (mobile-connect §4).
pub async fn remove(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Ok(id) = SubscriberId::new(&id) else { return unknown() };
    let removed = AuditEvent {
        at: admin.clock.now(),
        kind: AuditKind::SubscriberRemoved,
        client: None,
        subscriber: Some(id.clone()),
        grant: None,
        journey: None,
        detail: None,
    };
    acknowledged(admin.deactivations.deactivate(&id, removed).await.map(|_| ()))
}

/// Ends everything of the subscription: tokens, codes on their way, login sessions: 204.
pub async fn end(State(admin): State<Admin>, Path(id): Path<String>) -> Response {
    let Ok(id) = SubscriberId::new(&id) else { return unknown() };
    let audit = AuditEvent {
        at: admin.clock.now(),
        kind: AuditKind::GrantRevoked,
        client: None,
        subscriber: Some(id.clone()),
        grant: None,
        journey: None,
        detail: Some("by_operator".to_owned()),
    };
    acknowledged(admin.revocations.end_subscriber(&id, audit).await)
}

/// Withdraws a consent and ends the tokens that rest on it: 204, also when there was none (T-049).
pub async fn withdraw(
    State(admin): State<Admin>,
    Path((id, client)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(client)) = (SubscriberId::new(&id), ClientId::new(&client)) else {
        return unknown();
    };
    acknowledged(admin.consents.withdraw(&id, &client, admin.clock.now()).await)
}

/// Why an attribute could never be served. Its value stays out of the answer (T-280).
fn misshapen(attributes: &Attributes) -> Option<String> {
    let known = attributes.0.iter().filter(|(_, value)| !is_blank(value));
    known.into_iter().find_map(|(name, value)| match find(name) {
        None => Some("one of the attributes has a name that the gateway does not know".to_owned()),
        Some((_, shape)) if shape.fits(value) => None,
        Some((name, _)) => Some(format!("the attribute `{name}` has another shape")),
    })
}

const fn status_name(status: SubscriberStatus) -> &'static str {
    match status {
        SubscriberStatus::Active => "active",
        SubscriberStatus::Blocked => "blocked",
    }
}

fn acknowledged(outcome: Result<(), StoreError>) -> Response {
    match outcome {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => unavailable(error),
    }
}

fn unknown() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "subscriber.unknown", "No such subscription")
        .into_response()
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
