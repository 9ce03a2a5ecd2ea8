//! The sandbox's own page: service provider, phone and wire trace side by side.

use std::{convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    Json, Router,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{
        Html, IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use fiador_http_kit::Assets;
use fiador_ports::RoutingRecords;
use futures_util::{Stream, stream};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use crate::{
    Application, Demo, Inboxes, Message, Outcome, Phone,
    decisions::{self, Explanation},
    phones,
    trace::{Line, Trace},
};

/// Everything from ourselves, nothing inline.
pub(crate) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
     script-src 'self'; img-src 'self'; connect-src 'self'; form-action *; base-uri 'none'; \
     frame-ancestors 'none'";

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// The page's files, and those of the gateway's pages, whose look it shares.
pub(crate) fn assets() -> Assets {
    Assets::builder().embedded::<Files>().build()
}

/// What the page shows.
#[derive(Clone)]
pub struct Page {
    /// The applications of the demo service provider.
    pub applications: Vec<Application>,
    /// The demo service provider.
    pub demo: Demo,
    /// The phones.
    pub inboxes: Inboxes,
    /// The trace.
    pub trace: Trace,
    /// What routing decided in each login.
    pub decisions: Arc<dyn RoutingRecords>,
    /// Issuer, for the footer.
    pub issuer: String,
}

/// `/`, `/api/state`, `/api/events` and the page's files.
pub fn routes(page: Page) -> Router {
    let assets = page.demo.assets().clone();
    let files = assets.routes();
    Router::new()
        .route("/", get(show))
        .route("/api/state", get(state))
        .route("/api/events", get(events))
        .with_state((page, assets))
        .merge(files)
}

type Shared = State<(Page, Assets)>;

#[derive(Template)]
#[template(path = "sandbox.html")]
struct View<'a> {
    applications: &'a [Application],
    phones: &'a [Phone],
    issuer: &'a str,
    kit_css: &'a str,
    css: &'a str,
    script: &'a str,
    icon: &'a str,
}

async fn show(State((page, assets)): Shared) -> Response {
    let view = View {
        applications: &page.applications,
        phones: phones(),
        issuer: &page.issuer,
        kit_css: assets.path("page.css"),
        css: assets.path("sandbox.css"),
        script: assets.path("sandbox.js"),
        icon: assets.path("icon.svg"),
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    ];
    match view.render() {
        Ok(html) => (headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Deserialize)]
struct Since {
    /// Trace lines up to this one are known.
    #[serde(default)]
    after: u64,
}

#[derive(Serialize)]
struct Snapshot {
    trace: Vec<Line>,
    messages: Vec<(&'static str, Vec<Message>)>,
    outcome: Option<Outcome>,
    decisions: Vec<Explanation>,
}

async fn state(State((page, _)): Shared, Query(since): Query<Since>) -> Json<Snapshot> {
    let inbox =
        |phone: &Phone| (phone.msisdn, page.inboxes.messages(phone.msisdn).unwrap_or_default());
    Json(Snapshot {
        trace: page.trace.after(since.after),
        messages: phones().iter().map(inbox).collect(),
        outcome: page.demo.outcome(),
        decisions: decisions::latest(&page.decisions).await,
    })
}

/// A nudge whenever something has changed; the page then asks for the state.
async fn events(State((page, _)): Shared) -> impl IntoResponse {
    Sse::new(nudges(&page)).keep_alive(KeepAlive::default())
}

fn nudges(page: &Page) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let receivers = (page.trace.changes(), page.inboxes.changes(), page.demo.changes());
    stream::unfold(receivers, |(mut trace, mut inboxes, mut demo)| async move {
        let alive = tokio::select! {
            change = trace.changed() => change,
            change = inboxes.changed() => change,
            change = demo.changed() => change,
        };
        alive.ok()?;
        Some((Ok(Event::default().data("changed")), (trace, inboxes, demo)))
    })
}
