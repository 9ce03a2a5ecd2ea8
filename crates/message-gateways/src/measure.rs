//! The names of our metrics, and nothing else that is counted.
//!
//! Labels are bounded: names of configured gateways and routes, and fixed words (T-281).

/// A message came to an end at a gateway: `accepted`, `busy`, `refused`, `unreached`, `unknown`.
pub(crate) fn gateway_submit(gateway: &str, outcome: &'static str) {
    metrics::counter!(
        "fiador_message_gateway_submits_total",
        "message_gateway" => gateway.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

/// A notice came to a gateway's webhook: `delivered`, `failed`, `under_way`, `unknown_message`,
/// `unknown_state`, `repeated`, `unauthentic`, `unreadable`.
pub(crate) fn gateway_notice(gateway: &str, outcome: &'static str) {
    metrics::counter!(
        "fiador_message_gateway_notices_total",
        "message_gateway" => gateway.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

/// A message was tried on a route: `accepted`, `refused`, `unavailable`, `queue_full`, `unknown`,
/// `stale`, `not_encodable`.
pub(crate) fn route_submit(route: &str, outcome: &'static str) {
    metrics::counter!(
        "fiador_message_route_submits_total",
        "message_route" => route.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

/// A route was passed over although it was next: `unavailable`, `budget`.
pub(crate) fn route_passed_over(route: &str, reason: &'static str) {
    metrics::counter!(
        "fiador_message_route_passed_over_total",
        "message_route" => route.to_owned(), "reason" => reason
    )
    .increment(1);
}

/// What became of a message of a route: `delivered`, `failed`, `overdue`.
pub(crate) fn route_delivery(route: &str, fate: &'static str) {
    metrics::counter!(
        "fiador_message_route_deliveries_total",
        "message_route" => route.to_owned(), "fate" => fate
    )
    .increment(1);
}

/// The share of a route's messages that arrived of late.
pub(crate) fn route_delivery_ratio(route: &str, ratio: f64) {
    metrics::gauge!("fiador_message_route_delivery_ratio", "message_route" => route.to_owned())
        .set(ratio);
}
