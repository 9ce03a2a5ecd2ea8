//! First phase: bytes become parameters.

use axum::body::Body;
use fiador_http_kit::{BODY_LIMIT, FormRejection, read_body};
use fiador_wire_oauth::parameters::{Limits, Parameters, ParametersError};
use http::{Method, header::CONTENT_TYPE};

use super::Failure;
use crate::{arrival::Arrival, trouble::Trouble};

/// The parameters of a request: its query if it is a GET, else its form body (OpenID Connect Core
/// §3.1.2.1).
pub(crate) struct Parsed {
    /// Those that could be read.
    pub(super) parameters: Parameters,
    /// What is wrong with the bytes, if anything is.
    pub(super) damage: Option<Failure>,
    /// The client has pushed it, and thereby proven that it is its own (RFC 9126).
    pub(super) is_pushed: bool,
}

impl Parsed {
    /// Reads the parameters. A body that is no form, or never arrives whole, is an answer of its
    /// own; a damaged encoding is not, because it may still say whom to answer.
    pub(crate) async fn read(arrival: &Arrival, body: Body) -> Result<Self, Trouble> {
        if matches!(arrival.method, Method::GET | Method::HEAD) {
            let query = arrival.uri.query().unwrap_or_default();
            let damaged = Failure::GetSerialization;
            return Ok(Self::decode(query.as_bytes(), Limits::QUERY, damaged));
        }
        let body = read_body(body, BODY_LIMIT).await.map_err(FormRejection::Body)?;
        if !body.is_empty() && !says_form(arrival) {
            return Err(FormRejection::WrongMediaType.into());
        }
        Ok(Self::decode(&body, Limits::BODY, Failure::PostSerialization))
    }

    /// Parameters that the client has pushed (RFC 9126).
    pub(crate) const fn pushed(parameters: Parameters) -> Self {
        Self { parameters, damage: None, is_pushed: true }
    }

    /// Those that could be read.
    pub(crate) const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The same request in other words.
    pub(crate) fn replaced_by(self, parameters: Parameters) -> Self {
        Self { parameters, ..self }
    }

    /// The same request with a fault in it, unless it has one already.
    pub(crate) fn damaged_by(self, failure: Failure) -> Self {
        Self { damage: self.damage.or(Some(failure)), ..self }
    }

    /// The parameters, if all could be read; the text says what is wrong otherwise.
    pub(crate) fn whole(self) -> Result<Parameters, Failure> {
        self.damage.map_or(Ok(self.parameters), Err)
    }

    fn decode(encoded: &[u8], limits: Limits, damaged: Failure) -> Self {
        let is_pushed = false;
        match Parameters::parse_within(encoded, limits) {
            Ok(parameters) => Self { parameters, damage: None, is_pushed },
            Err(error) => {
                let damage = match error {
                    ParametersError::InvalidPercentEncoding
                    | ParametersError::InvalidUtf8
                    | ParametersError::ControlCharacter => damaged,
                    ParametersError::TooManyPairs { .. }
                    | ParametersError::NameTooLong { .. }
                    | ParametersError::ValueTooLong { .. } => Failure::MultipleProblems,
                };
                let parameters = salvage(encoded, limits);
                Self { parameters, damage: Some(damage), is_pushed }
            }
        }
    }
}

/// The readable among the first pairs of a damaged list: enough to find client and redirect URI,
/// which are held against the registered ones like any others.
fn salvage(encoded: &[u8], limits: Limits) -> Parameters {
    let readable = |pair: &&[u8]| Parameters::parse_within(pair, limits).is_ok();
    let pairs = encoded.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty());
    let good: Vec<&[u8]> = pairs.filter(readable).take(limits.pairs).collect();
    Parameters::parse_within(&good.join(&b'&'), limits).unwrap_or_default()
}

fn says_form(arrival: &Arrival) -> bool {
    let content_type = arrival.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
