//! The operator-selection page (mobile-connect §1.4): the user picks country and operator or types a
//! number, and the browser goes back to the service provider with `mcc_mnc`.

mod choice;
mod page;
mod sessions;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use fiador_http_kit::{Problem, read_form, see_other};
use fiador_kernel::{ClientId, Language, Plmn, handle};
use fiador_ports::SubscriberIds;
use fiador_wire_oauth::{parameters::Parameters, redirect_uri};
use http::Method;

use crate::{Dialect, Service, discover};
use choice::Choice;
use sessions::Session;
pub(crate) use sessions::Sessions;

/// Shows the page.
pub(crate) async fn show(State(service): State<Arc<Service>>, request: Request) -> Response {
    let language = service.language(&request);
    let Ok(parameters) = read_form(request).await else { return service.lapsed(language) };
    let Some((id, session)) = service.session(&parameters) else {
        return service.lapsed(language);
    };
    service.ask(language, id, &session, parameters.get("country"), None)
}

/// Takes the choice and sends the browser back, or asks again.
pub(crate) async fn choose(State(service): State<Arc<Service>>, request: Request) -> Response {
    let language = service.language(&request);
    let Some(source) = discover::source(&request) else {
        return Problem::internal().into_response();
    };
    let Ok(parameters) = read_form(request).await else { return service.lapsed(language) };
    let Some((id, session)) = service.session(&parameters) else {
        return service.lapsed(language);
    };
    match service.choice(id, &session, source, &parameters).await {
        Choice::Network(network, ids) => chosen(&session, &network, ids.as_ref()),
        Choice::Cancelled => given_up(&session),
        Choice::Again(trouble) => {
            service.ask(language, id, &session, parameters.get("country"), trouble)
        }
    }
}

impl Service {
    /// Opens a selection and gives the address of its page.
    pub(crate) fn open_selection(
        &self,
        dialect: Dialect,
        application: &ClientId,
        redirect_url: &str,
    ) -> String {
        let id = handle(&*self.entropy);
        let now = self.clock.now();
        self.sessions.open(&id, dialect, application.clone(), redirect_url.to_owned(), now);
        format!("{}{}?session_id={id}", self.settings.public_url, dialect.selection_path())
    }

    fn session<'a>(&self, parameters: &'a Parameters) -> Option<(&'a str, Session)> {
        let id = parameters.get("session_id")?;
        self.sessions.find(id, self.clock.now()).map(|session| (id, session))
    }

    fn language(&self, request: &Request) -> Language {
        self.pages.messages().negotiate(None, request.headers())
    }
}

fn chosen(session: &Session, network: &Plmn, ids: Option<&SubscriberIds>) -> Response {
    let network = network.to_string();
    let mut parameters = vec![("mcc_mnc", network.as_str())];
    if let Some(ids) = ids {
        parameters.push(("subscriber_id", &ids.subscriber_id));
        let token = ids.subscriber_id_token.as_deref();
        parameters.extend(token.map(|token| ("subscriber_id_token", token)));
    }
    back(session, &parameters)
}

/// Clients show one of these texts to the user; old ones know `err_msg` alone.
fn given_up(session: &Session) -> Response {
    let description = match session.number_trouble {
        Some(_) => "No operator was found for the number",
        None => "The user did not select an operator",
    };
    let mut parameters = vec![
        ("error", "access_denied"),
        ("error_description", description),
        ("description", description),
    ];
    if let Some(trouble) = session.number_trouble {
        parameters.push(("err_msg", trouble.as_str()));
    }
    back(session, &parameters)
}

/// To the registered redirect URL; always after a POST, so 303 (T-039).
fn back(session: &Session, parameters: &[(&str, &str)]) -> Response {
    let url = redirect_uri::append(&session.redirect_url, parameters.iter().copied());
    see_other(&Method::POST, &url)
}
