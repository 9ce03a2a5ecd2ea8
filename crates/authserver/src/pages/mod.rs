//! The journey as people see it: `/journey/{handle}`.
//!
//! A page shows the stage that the journey is in, whatever was asked for; a form moves it on and
//! leads back to the page by a redirect, so that going back and reloading are harmless. Every step
//! needs the cookie of the browser that began the journey: without it, and for a journey that
//! never was or is over, there is one page that says how to start again (T-034, T-129).

mod answer;
mod note;
mod show;
mod steps;
mod visit;
mod words;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    response::Response,
};
use fiador_http_kit::{ClientAddress, see_other};
use fiador_wire_oauth::parameters::Parameters;

pub(crate) use note::Note;
pub(crate) use visit::Visit;
pub(crate) use words::{ConfirmLogout, FormPost};

use crate::{AuthServer, arrival::Arrival, check::Parsed, trouble::Trouble};

/// `GET /journey/{handle}`
pub(crate) async fn page(
    State(server): State<Arc<AuthServer>>,
    Path(handle): Path<String>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, _) = Arrival::of(request, address);
    let shown = async {
        let visit = server.enter(&arrival, handle).await?;
        let note = Note::of_query(arrival.uri.query());
        server.show(&arrival, visit, note).await
    };
    shown.await.unwrap_or_else(|trouble| server.apologise(&arrival, &trouble))
}

/// `POST /journey/{handle}/{step}`
pub(crate) async fn step(
    State(server): State<Arc<AuthServer>>,
    Path((handle, step)): Path<(String, String)>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, body) = Arrival::of(request, address);
    let taken = server.take(&arrival, body, handle, &step).await;
    taken.unwrap_or_else(|trouble| server.apologise(&arrival, &trouble))
}

/// `GET /journey/{handle}/{step}`: somebody reloads the address of a form.
pub(crate) async fn back_to_page(
    State(server): State<Arc<AuthServer>>,
    Path((handle, _)): Path<(String, String)>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, _) = Arrival::of(request, address);
    match server.enter(&arrival, handle).await {
        Ok(visit) => see_other(&arrival.method, &server.page_url(&visit, None)),
        Err(trouble) => server.apologise(&arrival, &trouble),
    }
}

impl AuthServer {
    async fn take(
        &self,
        arrival: &Arrival,
        body: Body,
        handle: String,
        step: &str,
    ) -> Result<Response, Trouble> {
        let form = read(arrival, body).await?;
        let visit = self.enter(arrival, handle).await?;
        match step {
            "number" => self.number(arrival, visit, &form).await,
            "answer" => self.answer(arrival, visit, &form).await,
            "again" => self.again(arrival, visit).await,
            "consent" => self.consent(arrival, visit, &form).await,
            "cancel" => self.cancel(arrival, visit).await,
            _ => Err(Trouble::NoJourney),
        }
    }
}

async fn read(arrival: &Arrival, body: Body) -> Result<Parameters, Trouble> {
    let parsed = Parsed::read(arrival, body).await?;
    parsed.whole().map_err(|_| Trouble::DamagedForm)
}
