//! The body of a request.

use fiador_domain::journey::Ask;
use fiador_kernel::{Loa, Msisdn};
use fiador_wire_oauth::{login_hint::LoginHint, strict_json};
use serde_json::{Map, Value};

/// A request that can be served, whoever it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRequest {
    /// Whom to ask: `login_hint`.
    pub number: Msisdn,
    /// What the consumption device shows and the phone chooses: 10 to 99.
    pub binding_message: String,
    /// `acr_values` that are levels, in order; empty where the request has none.
    pub levels: Vec<Loa>,
}

/// Why a request cannot be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// No JSON object of the channel.
    #[error("the body is no JSON object of texts without repeated members")]
    Malformed,
    /// Not a number.
    #[error("login_hint is no phone number with its country code")]
    LoginHint,
    /// T-107.
    #[error("binding_message is not a number from 10 to 99")]
    BindingMessage,
    /// Consent is Keycloak's to ask for.
    #[error(
        "consent_required is true, but the phone shows no scopes; switch it off for the client"
    )]
    Consent,
    /// None of `acr_values` is a level.
    #[error("acr_values name no level from 1 to 4")]
    Levels,
}

impl ChannelRequest {
    /// Reads a body: `login_hint`, `binding_message`, `acr_values`, `consent_required`. Other members
    /// (`scope`, additional parameters of the client) are left aside. Whether the number is anybody's
    /// is not decided here.
    pub fn read(body: &[u8]) -> Result<Self, BadRequest> {
        let parsed = strict_json::parse(body).map_err(|_| BadRequest::Malformed)?;
        let Value::Object(members) = parsed else { return Err(BadRequest::Malformed) };
        match members.get("consent_required") {
            None | Some(Value::Null | Value::Bool(false)) => {}
            Some(_) => return Err(BadRequest::Consent),
        }
        let number = text(&members, "login_hint")?.and_then(number);
        let binding_message = text(&members, "binding_message")?.unwrap_or_default();
        if Ask::two_digits(binding_message).is_none() {
            return Err(BadRequest::BindingMessage);
        }
        Ok(Self {
            number: number.ok_or(BadRequest::LoginHint)?,
            binding_message: binding_message.to_owned(),
            levels: levels(text(&members, "acr_values")?)?,
        })
    }
}

/// `+…`, `tel:+…`, `MSISDN:…`, or the digits alone, as a user name of Keycloak may be.
fn number(hint: &str) -> Option<Msisdn> {
    match LoginHint::parse(hint) {
        Ok(hint) => Msisdn::from_digits(hint.digits()?).ok(),
        Err(_) => Msisdn::from_digits(hint).ok(),
    }
}

/// A text member; absent and null are the same to Keycloak.
fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, BadRequest> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= 1024 => Ok(Some(text)),
        Some(_) => Err(BadRequest::Malformed),
    }
}

/// What is no level of ours is left out; if nothing is left, nothing that was asked for can be served
/// (T-100).
fn levels(acr_values: Option<&str>) -> Result<Vec<Loa>, BadRequest> {
    let Some(values) = acr_values.filter(|values| !values.trim().is_empty()) else {
        return Ok(Vec::new());
    };
    let levels: Vec<Loa> =
        values.split(' ').take(16).filter_map(|value| value.parse().ok()).collect();
    if levels.is_empty() { Err(BadRequest::Levels) } else { Ok(levels) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(changes: &Value) -> Result<ChannelRequest, BadRequest> {
        let mut body = json!({
            "login_hint": "+34600000001", "binding_message": "47", "scope": "openid",
            "consent_required": false, "acr_values": null,
        });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        ChannelRequest::read(body.to_string().as_bytes())
    }

    #[test]
    fn numbers_are_read_as_hints_and_as_user_names() {
        for hint in [
            "+34600000001",
            "34600000001",
            "tel:+34-600-000-001",
            "MSISDN:34600000001",
            " 34600000001",
        ] {
            let number = read(&json!({ "login_hint": hint })).unwrap().number;
            assert_eq!(number.digits(), "34600000001", "{hint}");
        }
        for hint in ["ann", "", "+34 600", "0", "+346000000010000000", "PCR:abc", "600000001x"] {
            assert_eq!(read(&json!({ "login_hint": hint })), Err(BadRequest::LoginHint), "{hint}");
        }
    }

    #[test]
    fn a_binding_message_is_a_number_to_choose_t_107() {
        for bad in ["", "7", "09", "100", "K7", "+9", "4 7", "\u{664}\u{667}"] {
            let refused = read(&json!({ "binding_message": bad }));
            assert_eq!(refused, Err(BadRequest::BindingMessage), "{bad}");
        }
        assert_eq!(read(&json!({ "binding_message": null })), Err(BadRequest::BindingMessage));
        assert_eq!(read(&json!({ "binding_message": 47 })), Err(BadRequest::Malformed));
    }

    #[test]
    fn a_level_that_is_none_is_never_answered_by_another_t_100() {
        assert_eq!(read(&json!({})).unwrap().levels, []);
        let levels = read(&json!({ "acr_values": "3 gold 2" })).unwrap().levels;
        assert_eq!(levels, [Loa::Three, Loa::Two]);
        assert_eq!(read(&json!({ "acr_values": "gold" })), Err(BadRequest::Levels));
    }

    #[test]
    fn consent_that_nobody_would_give_is_not_taken_for_given() {
        for required in [json!(true), json!("true"), json!(1)] {
            assert_eq!(read(&json!({ "consent_required": required })), Err(BadRequest::Consent));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_has_a_number_to_choose(
            hint in ".{0,24}", message in "[0-9]{0,3}|.{0,8}", acr in prop::option::of(".{0,12}"),
        ) {
            let changes = json!({ "login_hint": hint, "binding_message": message, "acr_values": acr });
            if let Ok(request) = read(&changes) {
                prop_assert!((10..=99).contains(&request.binding_message.parse::<u8>().unwrap()));
            }
        }

        #[test]
        fn no_bytes_are_too_bad_to_be_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            let _ = ChannelRequest::read(&bytes);
        }
    }
}
