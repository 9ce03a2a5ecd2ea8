//! A waiting browser follows its journey by server-sent events (WHATWG HTML §9.2):
//! `GET /journey/{handle}/events?since={view}`.
//!
//! The page says in `since` what it shows. There is one event, `moved`: the page would show something
//! else by now. It says nothing of what, since the page itself will; and comes at once if that is so
//! already when the stream is opened. Between, a comment shows that the line stands.

mod streams;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use fiador_domain::journey::{Journey, Stage};
use fiador_http_kit::{ClientAddress, no_store};
use fiador_kernel::Digest;
use fiador_ports::{StoreError, Versioned};
use fiador_wire_oauth::parameters::Parameters;
use futures_util::stream;
use http::{HeaderName, HeaderValue, header::CONTENT_TYPE};

pub use streams::EventStreams;

use crate::{AuthServer, arrival::Arrival, trouble::Trouble};
use streams::Place;

/// A comment comes at least so often: proxies and the listener close lines on which nothing is said.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Begins every stream: a browser whose line breaks opens it again after a second.
const GREETING: &str = "retry: 1000\n: waiting\n\n";
const COMMENT: &str = ": waiting\n\n";
const MOVED: &str = "event: moved\ndata: moved\n\n";

/// `GET /journey/{handle}/events`
pub(crate) async fn events(
    State(server): State<Arc<AuthServer>>,
    Path(handle): Path<String>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, _) = Arrival::of(request, address);
    match follow(&server, &arrival, handle).await {
        Ok(response) => response,
        Err(trouble) => server.apologise(&arrival, &trouble),
    }
}

async fn follow(
    server: &Arc<AuthServer>,
    arrival: &Arrival,
    handle: String,
) -> Result<Response, Trouble> {
    let visit = server.enter(arrival, handle).await?;
    let key = visit.key();
    let place = server.streams.enter(key).ok_or(Trouble::Crowded)?;
    let query = arrival.uri.query().unwrap_or_default().as_bytes();
    let since = Parameters::parse_query(query).ok();
    let since = since.and_then(|query| query.get("since").map(str::to_owned));
    let following = Following {
        server: Arc::clone(server),
        since: since.unwrap_or_else(|| view(visit.stage())),
        key,
        read: visit.into_read(),
        place,
        greeted: false,
    };
    let chunks = stream::unfold(Some(following), async |following| {
        let (chunk, following) = following?.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from_static(chunk.as_bytes())), following))
    });
    let mut response = Body::from_stream(chunks).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    // nginx and those that learned from it pass the events on as they come.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    no_store(headers);
    Ok(response)
}

/// A browser that follows its journey.
struct Following {
    server: Arc<AuthServer>,
    /// What the page shows.
    since: String,
    key: Digest,
    read: Versioned,
    place: Place,
    greeted: bool,
}

impl Following {
    /// What to say next, and whether there will be more. `None` when the stream ends in silence: the
    /// database is away, the journey forgotten or this node about to stop. The browser comes back.
    async fn next(mut self) -> Option<(&'static str, Option<Self>)> {
        if self.greeted {
            self.wait().await.ok()??;
        }
        if self.has_moved() {
            return Some((MOVED, None));
        }
        let chunk = if self.greeted { COMMENT } else { GREETING };
        self.greeted = true;
        Some((chunk, Some(self)))
    }

    fn has_moved(&self) -> bool {
        let stage = &self.read.journey.stage;
        stage.is_final() || view(stage) != self.since
    }

    /// Waits for a change, for something to be due, or until the line needs a sign of life.
    async fn wait(&mut self) -> Result<Option<()>, StoreError> {
        let Self { server, key, .. } = self;
        let now = server.clock.now();
        let patience = next_due(&self.read.journey)
            .map_or(HEARTBEAT, |due| due.since(now))
            .clamp(Duration::from_millis(1), HEARTBEAT);
        tokio::select! {
            changed = server.journeys.changed(*key, self.read.version, patience) => changed?,
            () = self.place.closed() => return Ok(None),
        }
        let Some(read) = server.journeys.read(*key, server.clock.now()).await? else {
            return Ok(None);
        };
        self.read = server.router.advance(*key, read).await?;
        Ok(Some(()))
    }
}

/// When the journey moves by itself.
fn next_due(journey: &Journey) -> Option<fiador_kernel::Timestamp> {
    let next_step = match &journey.stage {
        Stage::Challenged { chain, .. } => chain.next_at,
        _ => None,
    };
    next_step.into_iter().chain([journey.deadline()]).min()
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
