//! `/livez`, `/readyz`, `/metrics`: their own listener, without personal data (T-285).

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use fiador_kernel::Clock;
use fiador_message_gateways::RouteHealth;
use fiador_ports::{Health, Maintenance};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use crate::gateway::TextMessages;

/// What the probes look at.
#[derive(Clone)]
pub struct Probes {
    /// The database.
    pub maintenance: Arc<dyn Maintenance>,
    /// The roads to phones: without one the gateway still serves tokens, so this is shown but does not
    /// make the node unready.
    pub messages: TextMessages,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Cancelled once the node is draining.
    pub stop: CancellationToken,
    /// The metrics recorder.
    pub metrics: PrometheusHandle,
}

/// The routes of the metrics listener.
pub fn routes(probes: Probes) -> Router {
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(probes)
}

async fn ready(State(probes): State<Probes>) -> impl IntoResponse {
    if probes.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n".to_owned());
    }
    let (status, state) = match probes.maintenance.health(probes.clock.now()).await {
        Health::Ready => (StatusCode::OK, "ready".to_owned()),
        Health::Down(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {error}")),
    };
    (status, format!("{state}\n{}", roads(&probes.messages.health())))
}

/// One line for all roads, and one for each.
fn roads(health: &[RouteHealth]) -> String {
    let any = health.iter().any(|route| route.is_available);
    let state = if any { "connected" } else { "not connected" };
    let each = health.iter().map(|route| {
        let link = if route.is_available { "available" } else { "not available" };
        let budget = if route.has_budget { "" } else { ", budget spent" };
        let delivered = route.delivered_percent;
        let delivered = delivered.map(|percent| format!(", {percent} % delivered"));
        let delivered = delivered.unwrap_or_default();
        format!("message route {}: {link}{budget}{delivered}\n", route.message_route)
    });
    format!("message centre: {state}\n{}", each.collect::<String>())
}

async fn render(State(probes): State<Probes>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], probes.metrics.render())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(name: &str, is_available: bool) -> RouteHealth {
        RouteHealth {
            message_route: name.to_owned(),
            is_available,
            has_budget: true,
            delivered_percent: None,
        }
    }

    #[test]
    fn each_road_has_a_line_and_one_is_enough() {
        let spent = RouteHealth { has_budget: false, ..route("abroad", false) };
        let poor = RouteHealth { delivered_percent: Some(41), ..route("smpp", true) };
        let told = "message centre: connected\n\
                    message route abroad: not available, budget spent\n\
                    message route smpp: available, 41 % delivered\n";
        assert_eq!(roads(&[spent, poor]), told);
        let told = "message centre: not connected\nmessage route smpp: not available\n";
        assert_eq!(roads(&[route("smpp", false)]), told);
    }
}
