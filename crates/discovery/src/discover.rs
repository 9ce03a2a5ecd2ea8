//! The endpoint `GET|POST /v2/discovery` (mobile-connect §1.2).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use fiador_domain::{
    client::{Client, DiscoveryApplication, OperatorCredentials},
    numbering::Operator,
};
use fiador_http_kit::{read_form, see_other};
use fiador_kernel::CorrelationId;
use fiador_wire_oauth::{discovery::DiscoveryNotFound, parameters::Parameters};
use http::{HeaderMap, Method, StatusCode};

use crate::{
    Service, application, found,
    json::json,
    memory,
    refusal::{Refusal, Refused},
    request::{self, DiscoveryRequest},
    resolve::{self, Resolution},
};

/// Answers a request for service.
pub(crate) async fn handle(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let parameters = match read_form(request).await {
        Ok(parameters) => parameters,
        Err(error) => return Refused::from(Refusal::from(error)).into_response(),
    };
    let correlation_id = match request::correlation_id(&parameters) {
        Ok(correlation_id) => correlation_id,
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    let asked = Asked { method, headers, parameters, correlation_id };
    let answer = service.answer(&asked);
    answer.unwrap_or_else(|refusal| {
        Refused { refusal, correlation_id: asked.correlation_id }.into_response()
    })
}

/// 405, with a body: clients read one of every answer.
pub(crate) async fn other_method() -> Response {
    Refused::from(Refusal::Method).into_response()
}

/// One request, before its meaning is known.
struct Asked {
    method: Method,
    headers: HeaderMap,
    parameters: Parameters,
    correlation_id: Option<CorrelationId>,
}

impl Service {
    fn answer(&self, asked: &Asked) -> Result<Response, Refusal> {
        let now = self.clock.now();
        let application = application::authenticate(&*self.clients, &asked.headers, now)?;
        self.pace.admit(&application.id, now).map_err(Refusal::TooMany)?;
        let mut request = DiscoveryRequest::read(&asked.parameters, &application)?;
        if !request.ignore_cookies {
            request.remembered = memory::remembered_network(&asked.headers, now);
        }
        let wants_page = fiador_http_kit::prefers_html(&asked.headers);
        let resolution = resolve::resolve(&self.numbering, &application, &request, wants_page);
        if request.msisdn.is_some() && matches!(resolution, Resolution::Select { miss: true }) {
            self.pace.number_missed(&application.id, now);
        }
        count(&resolution);
        match resolution {
            Resolution::Found(operator, credentials) => {
                let answer = found::Answer {
                    operator,
                    credentials,
                    own_client: self.own_client(operator, credentials)?,
                    expires_at: now + self.settings.answer_lifetime,
                    correlation_id: asked.correlation_id.as_ref(),
                };
                let mut response = json(StatusCode::OK, &answer.body());
                memory::remember(self, operator, now, response.headers_mut());
                Ok(response)
            }
            Resolution::UnknownOperator => Err(Refusal::UnknownOperator),
            Resolution::Select { .. } => Ok(self.select(&application, &request, asked, wants_page)),
        }
    }

    /// The application's client at our own operator, which must be one that may log users in.
    fn own_client(
        &self,
        operator: &Operator,
        credentials: &OperatorCredentials,
    ) -> Result<Option<Arc<Client>>, Refusal> {
        if !operator.own {
            return Ok(None);
        }
        let client = self.clients.find(&credentials.client_id).filter(|client| client.enabled);
        client.map(Some).ok_or(Refusal::InactiveApplication)
    }

    /// 202 with a link to the selection page, or for browsers the way there (§1.4).
    fn select(
        &self,
        application: &DiscoveryApplication,
        request: &DiscoveryRequest,
        asked: &Asked,
        wants_page: bool,
    ) -> Response {
        let page = self.open_selection(&application.id, &request.redirect_url);
        if wants_page {
            return see_other(&asked.method, &page);
        }
        let correlation_id = asked.correlation_id.clone().map(String::from);
        let body = DiscoveryNotFound::operator_selection(page, correlation_id);
        json(StatusCode::ACCEPTED, &body)
    }
}

fn count(resolution: &Resolution<'_>) {
    let outcome = match resolution {
        Resolution::Found(..) => "found",
        Resolution::UnknownOperator => "unknown_operator",
        Resolution::Select { .. } => "selection",
    };
    metrics::counter!("fiador_discovery_answers_total", "outcome" => outcome).increment(1);
}
