//! The operator-selection page (mobile-connect §1.4): the user picks an operator or types a number,
//! and the browser goes back to the service provider with `mcc_mnc`.

mod choice;
mod page;
mod sessions;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_http_kit::{read_form, see_other};
use fiador_kernel::{ClientId, Language, handle};
use fiador_wire_oauth::{parameters::Parameters, redirect_uri};
use http::Method;

use crate::Service;
use choice::Choice;
use sessions::Session;
pub(crate) use sessions::Sessions;

/// Where the page is.
pub(crate) const PATH: &str = "/v2/discovery/users/operator-selection";

/// Shows the page.
pub(crate) async fn show(State(service): State<Arc<Service>>, request: Request) -> Response {
    let language = service.language(&request);
    let Ok(parameters) = read_form(request).await else { return service.lapsed(language) };
    let Some((id, session)) = service.session(&parameters) else {
        return service.lapsed(language);
    };
    service.ask(language, id, &session, None)
}

/// Takes the choice and sends the browser back, or asks again.
pub(crate) async fn choose(State(service): State<Arc<Service>>, request: Request) -> Response {
    let language = service.language(&request);
    let Ok(parameters) = read_form(request).await else { return service.lapsed(language) };
    let Some((id, session)) = service.session(&parameters) else {
        return service.lapsed(language);
    };
    match service.choice(id, &session, &parameters) {
        Choice::Network(network) => back(&session, &[("mcc_mnc", network.to_string())]),
        Choice::Cancelled => {
            let description = "The user did not select an operator";
            back(
                &session,
                &[
                    ("error", "access_denied".to_owned()),
                    ("error_description", description.to_owned()),
                    ("description", description.to_owned()),
                ],
            )
        }
        Choice::Again(trouble) => service.ask(language, id, &session, Some(trouble)),
    }
}

impl Service {
    /// Opens a selection and gives the address of its page.
    pub(crate) fn open_selection(&self, application: &ClientId, redirect_url: &str) -> String {
        let id = handle(&*self.entropy);
        let now = self.clock.now();
        self.sessions.open(&id, application.clone(), redirect_url.to_owned(), now);
        format!("{}{PATH}?session_id={id}", self.settings.public_url)
    }

    fn session<'a>(&self, parameters: &'a Parameters) -> Option<(&'a str, Session)> {
        let id = parameters.get("session_id")?;
        self.sessions.find(id, self.clock.now()).map(|session| (id, session))
    }

    fn language(&self, request: &Request) -> Language {
        self.pages.messages().negotiate(None, request.headers())
    }
}

/// To the registered redirect URL; always after a POST, so 303 (T-039).
fn back(session: &Session, parameters: &[(&str, String)]) -> Response {
    let parameters = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    see_other(&Method::POST, &redirect_uri::append(&session.redirect_url, parameters))
}
