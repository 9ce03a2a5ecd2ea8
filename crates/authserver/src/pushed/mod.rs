//! `POST /par`: a service provider pushes an authorization request, and then sends the browser with
//! no more than a reference to it (RFC 9126).
//!
//! A request is held against the same table when it is pushed and when it is used, so that its
//! mistakes are told at once and nothing that changed in between slips through. It is kept where
//! journeys are (docs/decisions/0014-pushed-requests-are-journeys.md).

mod kept;
mod refusal;

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use fiador_domain::client::Client;
use fiador_http_kit::{ClientAddress, no_store};
use fiador_ports::PresentedCredentials;
use fiador_wire_oauth::parameters::Parameters;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde_json::json;

use crate::{
    AuthServer,
    arrival::Arrival,
    check::{Parsed, check},
};
use refusal::Refusal;

/// Where it is, below the issuer.
pub(crate) const PATH: &str = "/par";

/// What proves the client is not part of its request.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion_type", "client_assertion"];

/// The endpoint.
pub(crate) async fn push(
    State(server): State<Arc<AuthServer>>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, body) = Arrival::of(request, address);
    match server.push(&arrival, body).await {
        Ok(request_uri) => {
            let answer =
                json!({ "request_uri": request_uri, "expires_in": kept::LIFETIME.as_secs() });
            let mut response = (StatusCode::CREATED, Json(answer)).into_response();
            no_store(response.headers_mut());
            response
        }
        Err(refusal) => refusal.respond(),
    }
}

impl AuthServer {
    /// Keeps the request, and gives the reference to it.
    async fn push(&self, arrival: &Arrival, body: Body) -> Result<String, Refusal> {
        if arrival.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::ParametersInQuery);
        }
        let form = Parsed::read(arrival, body).await?.whole().map_err(Refusal::Request)?;
        if form.repeated().next().is_some() {
            return Err(Refusal::RepeatedParameter);
        }
        let client = self.pushing_client(&arrival.headers, &form).await?;
        if form.get_non_empty("request_uri").is_some() {
            return Err(Refusal::RequestUri);
        }
        let pushed = request_of(form, &client)?;
        let addressed = self.address(Parsed::pushed(pushed)).await?;
        let parameters = addressed.parameters().encode();
        check(addressed)?;
        self.keep_pushed_request(&client, parameters).await
    }

    async fn pushing_client(
        &self,
        headers: &HeaderMap,
        form: &Parameters,
    ) -> Result<Arc<Client>, Refusal> {
        let mut authorization = headers.get_all(AUTHORIZATION).iter();
        let (first, second) = (authorization.next(), authorization.next());
        if second.is_some() {
            return Err(Refusal::SeveralMethods);
        }
        let presented = PresentedCredentials {
            authorization: first.map(http::HeaderValue::as_bytes),
            client_id: form.get("client_id"),
            client_secret: form.get("client_secret"),
            client_assertion_type: form.get("client_assertion_type"),
            client_assertion: form.get("client_assertion"),
            endpoint: PATH,
        };
        Ok(self.client_authenticator.authenticate(presented).await?)
    }
}

/// The parameters of the request itself. It is the request of the client that proved itself,
/// whether or not it also says so.
fn request_of(form: Parameters, client: &Client) -> Result<Parameters, Refusal> {
    if form.get_non_empty("client_id").is_some_and(|named| named != client.id.as_str()) {
        return Err(Refusal::OtherClient);
    }
    let stripped = CREDENTIALS.into_iter().fold(form, Parameters::without);
    let named = [("client_id", client.id.as_str())];
    Ok(stripped.overridden_by(named, fiador_wire_oauth::parameters::Limits::BODY)?)
}
