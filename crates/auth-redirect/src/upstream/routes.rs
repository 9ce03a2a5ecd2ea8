//! Where the browser comes back from the provider.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State as Shared},
    response::Response,
    routing::get,
};
use fiador_http_kit::read_form;
use fiador_kernel::Digest;
use fiador_ports::{Answer, Road};

use super::UpstreamProvider;
use crate::{
    ports::own_path,
    way_back::{WayBack, not_by_head},
};

/// Parameters of a response that matter (OpenID Connect Core §3.1.2.5, RFC 9207 §2).
const PARAMETERS: [&str; 3] = ["code", "error", "iss"];
/// Longest value of one of them, in bytes.
const LONGEST: usize = 3 * 1024;

impl UpstreamProvider {
    /// The route of this provider: `/authenticators/{id}/return`.
    pub fn routes(self: &Arc<Self>) -> Router {
        let route =
            Router::new().route(&own_path(self.id(), "return"), get(come_back).head(not_by_head));
        route.with_state(Arc::clone(self))
    }
}

/// `GET /authenticators/{id}/return`
async fn come_back(Shared(upstream): Shared<Arc<UpstreamProvider>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let way = WayBack { ports: &upstream.ports, id: upstream.id(), headers: &headers };
    let Ok(form) = read_form(request).await else { return way.lapsed() };
    let read_twice = |name: &str| name == "state" || PARAMETERS.contains(&name);
    let Some(state) = form.get_non_empty("state").filter(|_| !form.repeated().any(read_twice))
    else {
        return way.lapsed();
    };
    let reference = Digest::of(state);
    let pending = match way.pending(reference).await {
        Ok(Ok(pending)) => pending,
        Ok(Err(reason)) => {
            tracing::info!(authenticator = %upstream.id(), error = %reason, "a response changes nothing");
            return way.lapsed();
        }
        Err(error) => return way.busy(error),
    };
    let given = |name| form.get_non_empty(name).map(|value| (name, value));
    let fields: Vec<_> = PARAMETERS.into_iter().filter_map(given).collect();
    if fields.iter().any(|(_, value)| value.len() > LONGEST) {
        return way.failed(&pending);
    }
    let answer = Answer::by(Road::Reference, fields);
    way.settle(reference, &pending, &answer).await
}
