//! What the three endpoints read of a request, before anybody is asked who it comes from.

use axum::extract::Request;
use fiador_http_kit::read_form;
use fiador_kernel::CorrelationId;
use fiador_ports::PresentedCredentials;
use fiador_wire_oauth::parameters::Parameters;
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};

use crate::refusal::Refusal;

/// A form and the header that may prove a client.
pub(crate) struct OAuthRequest {
    /// `Authorization`, as it came.
    authorization: Option<HeaderValue>,
    /// The path of the endpoint, below the issuer.
    endpoint: String,
    /// The form, no name twice (RFC 6749 §3.2, T-007).
    pub(crate) form: Parameters,
}

impl OAuthRequest {
    /// Reads a POST. Parameters in the query would end in logs along the way, codes and secrets
    /// among them: a request with a query is refused whole (mobile-connect §2.7).
    pub(crate) async fn read(request: Request) -> Result<Self, Refusal> {
        if request.uri().query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::ParametersInQuery);
        }
        let authorization = only_authorization(request.headers())?;
        let endpoint = request.uri().path().to_owned();
        let form = read_form(request).await?;
        if form.repeated().next().is_some() {
            return Err(Refusal::RepeatedParameter);
        }
        Ok(Self { authorization, endpoint, form })
    }

    /// What of it may prove who sends it.
    pub(crate) fn credentials(&self) -> PresentedCredentials<'_> {
        PresentedCredentials {
            authorization: self.authorization.as_ref().map(HeaderValue::as_bytes),
            client_id: self.form.get("client_id"),
            client_secret: self.form.get("client_secret"),
            client_assertion_type: self.form.get("client_assertion_type"),
            client_assertion: self.form.get("client_assertion"),
            endpoint: &self.endpoint,
        }
    }

    /// A parameter that must be there and not be empty.
    pub(crate) fn mandatory(&self, name: &'static str) -> Result<&str, Refusal> {
        self.form.get_non_empty(name).ok_or(Refusal::MissingParameter(name))
    }

    /// The `correlation_id` of this request, which every answer to it repeats.
    pub(crate) fn correlation_id(&self) -> Result<Option<CorrelationId>, Refusal> {
        let parse = |text| CorrelationId::new(text).map_err(|_| Refusal::InvalidCorrelationId);
        self.form.get("correlation_id").map(parse).transpose()
    }
}

fn only_authorization(headers: &HeaderMap) -> Result<Option<HeaderValue>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (first, None) => Ok(first.cloned()),
        _ => Err(Refusal::ClientAuthentication),
    }
}
