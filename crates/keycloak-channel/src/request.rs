//! The body of a request.

use fiador_domain::journey::Ask;
use fiador_kernel::{Loa, Msisdn, ScopeSet};
use fiador_wire_oauth::strict_json;
use serde_json::{Map, Value};

/// A request that can be served, whoever it is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ChannelRequest {
    /// Whom to ask.
    pub(crate) number: Msisdn,
    /// What the consumption device shows and the phone chooses: 10 to 99.
    pub(crate) binding_message: String,
    /// Scopes, for policy.
    pub(crate) scopes: ScopeSet,
    /// `acr_values` that are levels, in order.
    pub(crate) levels: Vec<Loa>,
}

/// Why a request cannot be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRequest {
    /// No JSON object of the channel.
    #[error("the body is no JSON object without repeated members")]
    Malformed,
    /// Not a number.
    #[error("login_hint is no number in E.164")]
    LoginHint,
    /// T-107.
    #[error("binding_message is not a number from 10 to 99")]
    BindingMessage,
    /// Consent is Keycloak's to ask for.
    #[error("consent_required is true; the phone shows no scopes")]
    Consent,
    /// No `acr_values` of it is a level.
    #[error("acr_values name no level from 1 to 4")]
    Levels,
}

impl ChannelRequest {
    /// Reads a body. Unknown members are left aside.
    pub(crate) fn read(body: &[u8], default_levels: &[Loa]) -> Result<Self, BadRequest> {
        let parsed = strict_json::parse(body).map_err(|_| BadRequest::Malformed)?;
        let Value::Object(members) = parsed else { return Err(BadRequest::Malformed) };
        if members.get("consent_required") == Some(&Value::Bool(true)) {
            return Err(BadRequest::Consent);
        }
        let hint = text(&members, "login_hint")?.ok_or(BadRequest::LoginHint)?;
        let digits = hint.strip_prefix('+').unwrap_or(hint);
        let is_number =
            (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let number = if is_number { Msisdn::parse(&format!("+{digits}"), None).ok() } else { None };
        let binding_message = text(&members, "binding_message")?.unwrap_or_default();
        if Ask::two_digits(binding_message).is_none() {
            return Err(BadRequest::BindingMessage);
        }
        let scope = text(&members, "scope")?.unwrap_or_default();
        Ok(Self {
            number: number.ok_or(BadRequest::LoginHint)?,
            binding_message: binding_message.to_owned(),
            scopes: ScopeSet::parse(scope).unwrap_or_default(),
            levels: levels(text(&members, "acr_values")?, default_levels)?,
        })
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
fn levels(acr_values: Option<&str>, default: &[Loa]) -> Result<Vec<Loa>, BadRequest> {
    let Some(values) = acr_values.filter(|values| !values.trim().is_empty()) else {
        return Ok(default.to_vec());
    };
    let levels: Vec<Loa> =
        values.split(' ').take(16).filter_map(|value| value.parse().ok()).collect();
    if levels.is_empty() { Err(BadRequest::Levels) } else { Ok(levels) }
}

#[cfg(test)]
mod tests {
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
        ChannelRequest::read(body.to_string().as_bytes(), &[Loa::Two])
    }

    #[test]
    fn numbers_are_read_with_and_without_plus() {
        for hint in ["+34600000001", "34600000001"] {
            assert_eq!(
                read(&json!({ "login_hint": hint })).unwrap().number.digits(),
                "34600000001"
            );
        }
        for hint in ["ann", "", "+34 600", "0", "+346000000010000000"] {
            assert_eq!(read(&json!({ "login_hint": hint })), Err(BadRequest::LoginHint), "{hint}");
        }
    }

    #[test]
    fn a_binding_message_is_a_number_to_choose_t_107() {
        for bad in [json!(""), json!(null), json!("7"), json!("09"), json!("100"), json!("K7")] {
            assert_eq!(read(&json!({ "binding_message": bad })), Err(BadRequest::BindingMessage));
        }
        assert_eq!(read(&json!({ "binding_message": 47 })), Err(BadRequest::Malformed));
    }

    #[test]
    fn a_level_that_is_none_is_never_answered_by_another_t_100() {
        assert_eq!(read(&json!({})).unwrap().levels, [Loa::Two]);
        let levels = read(&json!({ "acr_values": "3 gold 2" })).unwrap().levels;
        assert_eq!(levels, [Loa::Three, Loa::Two]);
        assert_eq!(read(&json!({ "acr_values": "gold" })), Err(BadRequest::Levels));
        assert_eq!(read(&json!({ "consent_required": true })), Err(BadRequest::Consent));
    }
}
