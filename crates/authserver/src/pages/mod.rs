//! The journey as people see it: `/journey/{handle}`.
//!
//! A page shows the stage that the journey is in, whatever was asked for; a form moves it on and
//! leads back to the page by a redirect, so that going back and reloading are harmless. Every step
//! needs the cookie of the browser that began the journey: without it, and for a journey that
//! never was or is over, there is one page that says how to start again (T-034, T-129).

mod answer;
mod events;
mod note;
mod poll;
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
use fiador_domain::journey::Stage;
use fiador_http_kit::{ClientAddress, see_other};
use fiador_kernel::Language;
use fiador_wire_oauth::parameters::Parameters;

pub use events::EventStreams;
pub(crate) use events::events;
pub(crate) use note::Note;
pub(crate) use visit::Visit;
pub(crate) use words::{ConfirmLogout, FormPost};

use crate::{
    AuthServer,
    arrival::Arrival,
    check::{Failure, Parsed},
    reply::Reply,
    trouble::Trouble,
};

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
        let way_back = WayBack::of(&visit);
        let shown = match server.try_later(&arrival, &visit).await? {
            Some(later) => Ok(later),
            None => server.show(&arrival, visit, note).await,
        };
        server.or_lead_away(&arrival, &way_back, shown)
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
        let way_back = WayBack::of(&visit);
        let taken = match step {
            _ if matches!(visit.stage(), Stage::Refused { .. }) => {
                self.answer_or_lead_back(arrival, &visit)
            }
            "number" => self.number(arrival, visit, &form).await,
            "answer" => self.answer(arrival, visit, &form).await,
            "again" => self.again(arrival, visit, &form).await,
            "other-way" => self.other_way(arrival, visit).await,
            "consent" => self.consent(arrival, visit, &form).await,
            "cancel" => self.cancel(arrival, visit).await,
            _ => Err(Trouble::NoJourney),
        };
        self.or_lead_away(arrival, &way_back, taken)
    }

    /// The answer, or for a mistake of ours the way to where the user came from (mobile-connect
    /// §2.6, last row). The journey stays as it is, and goes on when somebody comes back to it.
    fn or_lead_away(
        &self,
        arrival: &Arrival,
        WayBack { language, reply }: &WayBack,
        answer: Result<Response, Trouble>,
    ) -> Result<Response, Trouble> {
        match answer {
            Err(trouble @ Trouble::Internal(_)) => {
                trouble.report();
                Ok(self.send_error(&arrival.method, *language, reply, Failure::Internal))
            }
            other => other,
        }
    }
}

/// Where the answer of a journey goes, and in which language.
struct WayBack {
    language: Language,
    reply: Reply,
}

impl WayBack {
    fn of(visit: &Visit) -> Self {
        Self { language: visit.journey.ask.language, reply: visit.door.reply.clone() }
    }
}

async fn read(arrival: &Arrival, body: Body) -> Result<Parameters, Trouble> {
    let parsed = Parsed::read(arrival, body).await?;
    parsed.whole().map_err(|_| Trouble::DamagedForm)
}
