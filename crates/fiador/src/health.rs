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
use fiador_ports::{Health, Maintenance, MessageCentre};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

/// What the probes look at.
#[derive(Clone)]
pub struct Probes {
    /// The database.
    pub maintenance: Arc<dyn Maintenance>,
    /// The message centres: without one the gateway still serves tokens, so this is shown but does
    /// not make the node unready.
    pub messages: Arc<dyn MessageCentre>,
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
    let links = if probes.messages.is_available() { "connected" } else { "not connected" };
    if probes.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n".to_owned());
    }
    match probes.maintenance.health(probes.clock.now()).await {
        Health::Ready => (StatusCode::OK, format!("ready\nmessage centre: {links}\n")),
        Health::Down(error) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {error}\nmessage centre: {links}\n"),
        ),
    }
}

async fn render(State(probes): State<Probes>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], probes.metrics.render())
}
