//! Signed requests: what the client has signed takes the place of what came beside it (OpenID Connect
//! Core §6.1, RFC 9101).

use std::time::Duration;

use fiador_domain::client::Client;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{ClientKeyError, SignedPurpose};
use fiador_wire_oauth::{
    parameters::{Limits, Parameters, ParametersError},
    request_object::{RequestObject, RequestObjectError},
};

use super::Stop;
use crate::{
    AuthServer,
    check::{Failure, Parsed, Recipient},
};

/// Clocks of clients may be wrong by so much.
const LEEWAY: Duration = Duration::from_mins(1);
/// A request object may be good for so long at most, so that its `jti` need not be remembered for
/// longer (T-260).
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// Why a request object is not accepted: for the log. The client is told no more than that it is
/// not.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Signature(#[from] ClientKeyError),
    #[error(transparent)]
    Claims(#[from] RequestObjectError),
    #[error("iss is not the client_id")]
    Issuer,
    #[error("aud is not the issuer of this gateway")]
    Audience,
    #[error("it has expired, is not valid yet, or is valid for more than a day")]
    Time,
    #[error("it has a jti, but neither exp nor iat tells until when it must be remembered")]
    Unending,
    #[error("client_id or response_type differs from the one beside it")]
    Contradiction,
    #[error("its jti was used before")]
    Replay,
    #[error(transparent)]
    Parameters(#[from] ParametersError),
}

impl AuthServer {
    /// The request with the parameters of its request object, if it has one. A bad one is a fault of
    /// the request, and told where the parameters beside it say.
    pub(super) async fn open_request_object(
        &self,
        recipient: &Recipient,
        parsed: Parsed,
    ) -> Result<Parsed, Stop> {
        let Some(object) = recipient.request_object(&parsed) else { return Ok(parsed) };
        let client = recipient.client();
        let refused = match self.read_request_object(client, object, &parsed).await? {
            Ok(merged) => return Ok(parsed.replaced_by(merged)),
            Err(refused) => refused,
        };
        tracing::info!(client_id = %client.id, error = %refused, "a request object was refused");
        Ok(parsed.damaged_by(match refused {
            Refused::Signature(ClientKeyError::NoKeys) => Failure::RequestNotSupported,
            Refused::Signature(error) if error.is_temporary() => Failure::Unavailable,
            _ => Failure::RequestObjectInvalid,
        }))
    }

    async fn read_request_object(
        &self,
        client: &Client,
        object: &str,
        beside: &Parsed,
    ) -> Result<Result<Parameters, Refused>, Stop> {
        let signed = self.client_keys.verify(client, object, SignedPurpose::RequestObject).await;
        let checked = signed.map_err(Refused::from).and_then(|signed| {
            let object = RequestObject::read(&signed.claims)?;
            let forget_at = self.check_claims(client, &object)?;
            Ok((beside.merged_with(&object)?, object.id, forget_at))
        });
        let (merged, jti, forget_at) = match checked {
            Ok(checked) => checked,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Some(jti) = jti {
            let purpose = SignedPurpose::RequestObject;
            if !self.replay.first_use(purpose, &client.id, Digest::of(jti), forget_at).await? {
                return Ok(Err(Refused::Replay));
            }
        }
        Ok(Ok(merged))
    }

    /// Whether it is from the client, for us and in time; when it is good for nothing any more. The
    /// claims are voluntary (OpenID Connect Core §6.1), and hold where they are.
    fn check_claims(&self, client: &Client, object: &RequestObject) -> Result<Timestamp, Refused> {
        if object.issuer.as_ref().is_some_and(|issuer| issuer != client.id.as_str()) {
            return Err(Refused::Issuer);
        }
        let issuer = self.settings.issuer.as_str();
        let is_us = |audience: &String| {
            audience.strip_prefix(issuer).is_some_and(|rest| matches!(rest, "" | "/authorize"))
        };
        if !object.audience.is_empty() && !object.audience.iter().any(is_us) {
            return Err(Refused::Audience);
        }
        let now = self.clock.now();
        let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
        let begins = at(object.not_before).max(at(object.issued_at));
        let forget_at = match (at(object.expires_at), at(object.issued_at), &object.id) {
            (Some(end), ..) => end + LEEWAY,
            // Good once means good for no longer than its name is remembered (T-061).
            (None, Some(made), Some(_)) => made + LONGEST_LIFE,
            (None, None, Some(_)) => return Err(Refused::Unending),
            (None, _, None) => now + LONGEST_LIFE,
        };
        let is_in_time = begins.is_none_or(|begin| begin <= now + LEEWAY)
            && now < forget_at
            && forget_at <= now + LONGEST_LIFE + LEEWAY;
        if is_in_time { Ok(forget_at) } else { Err(Refused::Time) }
    }
}

impl Parsed {
    /// The parameters of the object, and those beside it that it does not name. `client_id` and
    /// `response_type` are what makes the request one of OAuth before it is opened, so the object
    /// must not say otherwise.
    fn merged_with(&self, object: &RequestObject) -> Result<Parameters, Refused> {
        let beside = self.parameters();
        let agrees = |name: &str| match (beside.get_non_empty(name), object.parameter(name)) {
            (Some(outside), Some(inside)) => outside == inside,
            _ => true,
        };
        if !agrees("client_id") || !agrees("response_type") {
            return Err(Refused::Contradiction);
        }
        let merged = beside.clone().overridden_by(object.parameters(), Limits::BODY)?;
        Ok(merged.without("request"))
    }
}
