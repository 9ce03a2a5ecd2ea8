//! The AuthServer: where a service provider sends a user's browser, the pages that the user sees,
//! and the documents that describe it all.
//!
//! | route | file |
//! |---|---|
//! | `GET\|POST /authorize` | `authorize.rs`, with the table of checks in `check/mod.rs` |
//! | `GET /journey/{handle}`, `POST /journey/{handle}/{step}` | `pages/` |
//! | `GET /journey/{handle}/events` | `pages/events/` |
//! | `GET /.well-known/openid-configuration` | `metadata.rs` |
//! | `GET /jwks` | `jwks.rs` |
//! | `POST /par` | `pushed/` |
//! | `GET\|POST /logout`, `POST /logout/confirm` | `logout.rs` |
//!
//! # The road of a login
//!
//! `/authorize` reads the request, finds whom to answer, holds it against the check table, decides
//! who will prove the user's presence, and opens a journey. The browser is led to the journey's
//! page, which shows the stage the journey is in; forms move it on. When it is verified and the
//! user has agreed to what is shared, `finish.rs` makes the code and leads the browser back.
//! Nothing on this road writes to a database, except what authenticators do to send a message.
//!
//! # For automation
//!
//! Tests, certification tools and password managers may rely on these ids. Every form is a plain
//! `POST` of its fields and works without JavaScript.
//!
//! They are listed in `docs/reference/pages.md`, and stay.

mod arrival;
mod authorize;
mod challenge;
mod check;
mod dependencies;
mod door;
mod finish;
mod jwks;
mod logout;
mod metadata;
mod pages;
mod pushed;
mod reply;
mod session_secret;
mod trouble;

use std::{ops::Deref, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    routing::{MethodRouter, get, post},
};
use fiador_http_kit::{AssetsBuilder, MessagesBuilder, MessagesError, texts};
use fiador_kernel::Language;
use http::{HeaderName, StatusCode, header::ALLOW};
use rust_embed::RustEmbed;

pub use dependencies::{DEFAULT_EVENT_STREAMS, Dependencies, Rules, Settings, WiredAuthenticator};
pub use pages::EventStreams;

use arrival::Arrival;

/// The AuthServer.
pub struct AuthServer {
    dependencies: Dependencies,
    streams: EventStreams,
}

impl AuthServer {
    /// An AuthServer that stands on these.
    pub fn new(dependencies: Dependencies) -> Self {
        let streams = EventStreams::new(dependencies.settings.max_event_streams);
        Self { dependencies, streams }
    }

    /// The streams of events that it serves, to be closed when it is about to stop.
    pub fn event_streams(&self) -> EventStreams {
        self.streams.clone()
    }

    /// Its routes, below the path of the issuer. They need the listener of `http-kit` around them,
    /// which tells the client's address.
    pub fn routes(self) -> Router {
        let metadata = metadata::route(&self);
        Router::new()
            .route("/authorize", begins(authorize::authorize))
            .route("/journey/{handle}", get(pages::page))
            .route("/journey/{handle}/events", get(pages::events))
            .route("/journey/{handle}/{step}", post(pages::step).get(pages::back_to_page))
            .route("/.well-known/openid-configuration", metadata)
            .route("/jwks", get(jwks::jwks))
            .route(pushed::PATH, post(pushed::push))
            .route("/logout", begins(logout::logout))
            .route("/logout/confirm", post(logout::confirm))
            .with_state(Arc::new(self))
    }

    /// The language for a person: what the service provider says, then what the browser says.
    fn language(&self, arrival: &Arrival, ui_locales: Option<&str>) -> Language {
        self.pages.messages().negotiate(ui_locales, &arrival.headers)
    }
}

/// A route where `GET` begins something. `HEAD` would do so too if axum answered it by `GET`, as it
/// does unless told otherwise: but who looks whether a link leads somewhere wants no message sent
/// (T-127).
fn begins<H, T>(handler: H) -> MethodRouter<Arc<AuthServer>>
where
    H: Handler<T, Arc<AuthServer>>,
    T: 'static,
{
    get(handler.clone()).post(handler).head(refuse_method).fallback(refuse_method)
}

async fn refuse_method() -> (StatusCode, [(HeaderName, &'static str); 1]) {
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, POST")])
}

/// The handlers are methods of the server, and read its ports by their names.
impl Deref for AuthServer {
    type Target = Dependencies;

    fn deref(&self) -> &Dependencies {
        &self.dependencies
    }
}

/// Adds the words of these pages in every language.
pub fn add_messages(messages: MessagesBuilder) -> Result<MessagesBuilder, MessagesError> {
    messages.add_all(&texts!("authserver.ftl"))
}

/// Adds the files of these pages.
#[must_use]
pub fn add_assets(assets: AssetsBuilder) -> AssetsBuilder {
    assets.embedded::<Files>()
}

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;
