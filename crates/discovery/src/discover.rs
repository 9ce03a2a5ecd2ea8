//! The endpoints `GET|POST /v2/discovery` and `/v1/discovery/apis` (mobile-connect §1.2).

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use fiador_domain::client::DiscoveryApplication;
use fiador_http_kit::{ClientAddress, prefers_html, read_form, see_other};
use fiador_kernel::CorrelationId;
use fiador_ports::SubscriberIds;
use fiador_wire_oauth::{
    discovery::{DiscoveryNotFound, OperatorList},
    parameters::Parameters,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header::ACCEPT};

use crate::{
    Dialect, Service, application, cors,
    guard::guarded,
    json::json,
    memory,
    pace::Source,
    refusal::{Refusal, Refused},
    request::{self, DiscoveryRequest},
    resolve::{Requester, Resolution},
};

/// Answers a request in the words of v2.
pub(crate) async fn handle(State(service): State<Arc<Service>>, request: Request) -> Response {
    service.discover(Dialect::V2, request).await
}

/// Answers a request in the words of v1.
pub(crate) async fn handle_v1(State(service): State<Arc<Service>>, request: Request) -> Response {
    service.discover(Dialect::V1, request).await
}

/// As [`handle_v1`], for the one API that there is.
pub(crate) async fn handle_v1_api(
    State(service): State<Arc<Service>>,
    Path(api): Path<String>,
    request: Request,
) -> Response {
    if api == "operatorid" {
        service.discover(Dialect::V1, request).await
    } else {
        Refused::from(Refusal::UnknownApi).into_response()
    }
}

/// 405, with a body: clients read one of every answer.
pub(crate) async fn other_method() -> Response {
    Refused::from(Refusal::Method).into_response()
}

/// One request, before its meaning is known.
struct Asked {
    dialect: Dialect,
    source: Source,
    method: Method,
    headers: HeaderMap,
    parameters: Parameters,
    correlation_id: Option<CorrelationId>,
}

impl Service {
    async fn discover(&self, dialect: Dialect, request: Request) -> Response {
        let reader = cors::reader(&*self.clients, request.headers());
        let mut response = self.read_and_answer(dialect, request).await;
        cors::let_read(&mut response, reader);
        response
    }

    async fn read_and_answer(&self, dialect: Dialect, request: Request) -> Response {
        let Some(source) = source(&request) else {
            return Refused::from(Refusal::Unexpected).into_response();
        };
        if let Err(wait) = self.pace.admit_source(source, self.clock.now()) {
            return Refused::from(Refusal::TooMany(wait)).into_response();
        }
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let parameters = match read_form(request).await {
            Ok(parameters) => parameters,
            Err(error) => return Refused::from(Refusal::from(error)).into_response(),
        };
        let correlation_id = match request::correlation_id(&parameters) {
            Ok(correlation_id) => correlation_id,
            Err(refusal) => return Refused::from(refusal).into_response(),
        };
        let asked = Asked { dialect, source, method, headers, parameters, correlation_id };
        let answer = guarded(self.answer(&asked)).await;
        answer.unwrap_or_else(|refusal| {
            Refused { refusal, correlation_id: asked.correlation_id }.into_response()
        })
    }

    async fn answer(&self, asked: &Asked) -> Result<Response, Refusal> {
        let (dialect, now) = (asked.dialect, self.clock.now());
        let caller = application::authenticate(&*self.clients, dialect, &asked.headers, now)?;
        let application = &*caller.application;
        self.pace.admit(&application.id, now).map_err(Refusal::TooMany)?;
        let mut request = DiscoveryRequest::read(dialect, &asked.parameters, &asked.headers)?
            .held_against(application)?;
        if !request.ignore_cookies {
            request.remembered = memory::remembered_network(dialect, &asked.headers, now);
        }
        let wants_page = prefers_html(&asked.headers);
        let requester = Requester { application, source: asked.source, wants_page };
        let resolution = self.resolve(requester, &request, now).await;
        count(&resolution);
        match resolution {
            Resolution::Found(operator, credentials) => {
                let body = self.found(asked.dialect, operator, credentials, now)?;
                let mut body = body.with_correlation_id(asked.correlation_id.as_ref());
                if !caller.is_proven {
                    body.response.client_secret = None;
                }
                if let Some(number) = &request.msisdn {
                    let ids = self.encrypted(operator, number, now).await;
                    let pair = |ids: SubscriberIds| (ids.subscriber_id, ids.subscriber_id_token);
                    body = body.with_subscriber(ids.map(pair));
                }
                let mut response = json(StatusCode::OK, &body);
                memory::remember(self, dialect, operator, now, response.headers_mut());
                Ok(response)
            }
            Resolution::UnknownOperator => Err(Refusal::UnknownOperator),
            Resolution::Select => self.select(application, &request, asked, wants_page),
        }
    }

    /// 202 with a link to the selection page, or the way there for browsers and for who says to take
    /// no JSON, as the authenticator of WSO2 does (§1.4). An application
    /// of v1 that has no page to come back to gets the list itself.
    fn select(
        &self,
        application: &DiscoveryApplication,
        request: &DiscoveryRequest,
        asked: &Asked,
        wants_page: bool,
    ) -> Result<Response, Refusal> {
        let Some(redirect_url) = &request.redirect_url else {
            return if wants_page {
                Err(Refusal::RedirectUrlMissing(asked.dialect))
            } else {
                let offered = self.offered(application).into_iter();
                let operators = offered.map(|(operator, network)| {
                    (operator.country.clone(), network.to_string(), operator.name.clone())
                });
                Ok(json(StatusCode::OK, &OperatorList::new(operators)))
            };
        };
        let page = self.open_selection(asked.dialect, &application.id, redirect_url);
        if wants_page || !takes_json(&asked.headers) {
            return Ok(see_other(&asked.method, &page));
        }
        let correlation_id = asked.correlation_id.clone().map(String::from);
        Ok(json(StatusCode::ACCEPTED, &DiscoveryNotFound::operator_selection(page, correlation_id)))
    }
}

/// The network of the sender. Every request of a listener has one.
pub(crate) fn source(request: &Request) -> Option<Source> {
    request.extensions().get::<ClientAddress>().map(|address| address.network_prefix())
}

/// Whether the sender says to take JSON, or does not say what it takes.
fn takes_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    let takes = |value: &HeaderValue| {
        value.to_str().is_ok_and(|value| value.contains("json") || value.contains("/*"))
    };
    // `application/*` and `*/*` alike; no other type that ends in a star matters to a program.
    values.peek().is_none() || values.any(takes)
}

fn count(resolution: &Resolution<'_>) {
    let outcome = match resolution {
        Resolution::Found(..) => "found",
        Resolution::UnknownOperator => "unknown_operator",
        Resolution::Select => "selection",
    };
    metrics::counter!("fiador_discovery_answers_total", "outcome" => outcome).increment(1);
}
