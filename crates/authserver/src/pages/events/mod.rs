//! A waiting browser follows its journey by server-sent events (WHATWG HTML §9.2):
//! `GET /journey/{handle}/events?since={view}`.
//!
//! The page says in `since` what it shows. The event `moved` says that it would show something else by
//! now; not what, since the page itself will; and comes at once if that is so already when the stream
//! is opened. Between, a comment shows that the line stands. Where nothing will move by itself there
//! is nothing to follow: 204, after which a browser does not ask again.
//!
//! A node has so many streams and no more. Who is refused, or has to make room for a newer stream of
//! the same journey (`replaced`), asks with `once` from time to time: `moved`, or 204.

mod following;
mod streams;

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use fiador_domain::journey::Stage;
use fiador_http_kit::{ClientAddress, no_store};
use fiador_kernel::Digest;
use fiador_wire_oauth::parameters::Parameters;
use futures_util::stream;
use http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};

pub use streams::EventStreams;

use crate::{AuthServer, arrival::Arrival, trouble::Trouble};
use following::{Following, MOVED, has_moved};

/// `GET /journey/{handle}/events`
pub(crate) async fn events(
    State(server): State<Arc<AuthServer>>,
    Path(handle): Path<String>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, _) = Arrival::of(request, address);
    match follow(&server, &arrival, address, handle).await {
        Ok(response) => response,
        Err(trouble) => server.apologise(&arrival, &trouble),
    }
}

async fn follow(
    server: &Arc<AuthServer>,
    arrival: &Arrival,
    address: ClientAddress,
    handle: String,
) -> Result<Response, Trouble> {
    let visit = server.enter(arrival, handle).await?;
    let query = arrival.uri.query().unwrap_or_default().as_bytes();
    let query = Parameters::parse_query(query).ok();
    let parameter = |name| query.as_ref().and_then(|query| query.get(name));
    let since = parameter("since").map_or_else(|| view(visit.stage()), str::to_owned);
    if has_moved(&visit.journey, &since) {
        return Ok(told(Body::from(MOVED)));
    }
    let moves_by_itself = matches!(visit.stage(), Stage::Challenged { .. });
    if parameter("once").is_some() || !moves_by_itself {
        return Ok(nothing());
    }
    let place = server.streams.enter(visit.key(), address.network_prefix());
    let place = place.ok_or(Trouble::Crowded)?;
    let following = Following::new(Arc::clone(server), visit, since, place);
    let chunks = stream::unfold(Some(following), async |following| {
        let (chunk, following) = following?.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(chunk.as_bytes())), following))
    });
    Ok(told(Body::from_stream(chunks)))
}

/// Events, to be passed on as they come and kept by nobody.
fn told(events: Body) -> Response {
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // nginx and those that learned from it pass the events on as they come.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    no_store(headers);
    response
}

fn nothing() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    no_store(response.headers_mut());
    response
}

/// Names what the page of a stage shows: another name, another page. An attempt more or less, or what
/// becomes of a message, is no other page, so that nothing that is being typed is lost.
pub(super) fn view(stage: &Stage) -> String {
    let prompts = match stage {
        Stage::Challenged { chain, .. } => chain.live.as_slice(),
        _ => &[],
    };
    let ahead = matches!(stage, Stage::Challenged { chain, .. } if !chain.ahead.is_empty());
    let prompts: Vec<_> = prompts.iter().map(|p| (&p.authenticator, p.at.as_micros())).collect();
    let shown = format!("{} {prompts:?} {ahead}", stage.name());
    Digest::of(shown).to_hex().chars().take(16).collect()
}
