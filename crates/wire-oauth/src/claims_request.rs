//! The `claims` parameter (OpenID Connect Core §5.5; Mobile Connect adds `premiuminfo`, §2.9 of
//! mobile-connect.md).

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::masked::{Masked, masked_option};
use crate::strict_json;

/// Claims that the service provider asks for one by one, by the place where they are to appear. Other
/// members are ignored, as OpenID Connect Core §5.5 demands.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ClaimsRequest {
    /// For UserInfo.
    #[serde(deserialize_with = "members")]
    pub userinfo: BTreeMap<String, ClaimRequest>,
    /// For the ID Token.
    #[serde(deserialize_with = "members")]
    pub id_token: BTreeMap<String, ClaimRequest>,
    /// For PremiumInfo: mostly values to match against the operator's.
    #[serde(deserialize_with = "members")]
    pub premiuminfo: BTreeMap<String, ClaimRequest>,
}

/// What is wanted of one claim. `Debug` shows no values: those to match are personal data.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ClaimRequest {
    /// `essential`: without it the service provider cannot go on.
    pub essential: bool,
    /// `value`: the one wanted value.
    #[serde(deserialize_with = "present")]
    pub value: Option<Value>,
    /// `values`: wanted values, most wanted first.
    pub values: Vec<Value>,
}

/// The value is not a JSON object of the documented shape, or not strict JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claims value is not an object of claim requests")]
pub struct ClaimsRequestError;

impl ClaimsRequest {
    /// Reads the parameter's JSON text (repeated members and deep nesting are refused: T-002, T-007).
    pub fn parse(text: &str) -> Result<Self, ClaimsRequestError> {
        let value = strict_json::parse(text.as_bytes()).map_err(|_| ClaimsRequestError)?;
        if !value.is_object() {
            return Err(ClaimsRequestError);
        }
        serde_json::from_value(value).map_err(|_| ClaimsRequestError)
    }
}

impl ClaimRequest {
    /// Every wanted value: `value`, then `values`. None at all means that any value will do.
    pub fn wanted(&self) -> impl Iterator<Item = &Value> {
        self.value.iter().chain(&self.values)
    }
}

impl fmt::Debug for ClaimRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimRequest")
            .field("essential", &self.essential)
            .field("value", &masked_option(self.value.as_ref()))
            .field("values", &self.values.iter().map(|_| Masked).collect::<Vec<_>>())
            .finish()
    }
}

/// A member of `null` is a claim without demands, and a place of `null` has no claims.
fn members<'de, D>(deserializer: D) -> Result<BTreeMap<String, ClaimRequest>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    let claims = Option::<BTreeMap<String, Option<ClaimRequest>>>::deserialize(deserializer)?;
    let claims = claims.unwrap_or_default().into_iter();
    Ok(claims.map(|(name, request)| (name, request.unwrap_or_default())).collect())
}

/// Keeps an explicit `null` apart from an absent `value`.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample of OpenID Connect Core §5.5, shortened.
    #[test]
    fn voluntary_essential_and_valued_claims_are_told_apart() {
        let claims = ClaimsRequest::parse(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null},
                "id_token":{"acr":{"essential":true,"values":["3","2"]},"sub":{"value":"x"}},
                "other":{"ignored":[1]}}"#,
        )
        .unwrap();
        assert!(claims.userinfo["given_name"].essential);
        assert_eq!(claims.userinfo["nickname"], ClaimRequest::default());
        assert_eq!(claims.id_token["acr"].wanted().collect::<Vec<_>>(), ["3", "2"]);
        assert_eq!(claims.id_token["sub"].wanted().collect::<Vec<_>>(), ["x"]);
        assert!(claims.premiuminfo.is_empty());
    }

    /// mobile-connect.md §2.9.
    #[test]
    fn values_to_match_are_read_from_premiuminfo_and_the_array_of_the_java_sdk_is_refused() {
        let claims = r#"{"premiuminfo":{"given_name":{"value":"Given"}}}"#;
        let claims = ClaimsRequest::parse(claims).unwrap();
        assert_eq!(claims.premiuminfo["given_name"].value, Some(Value::from("Given")));
        let broken = r#"{"premiuminfo":[{"Given":{"value":"Given"}},{}]}"#;
        assert_eq!(ClaimsRequest::parse(broken), Err(ClaimsRequestError));
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "",
            "null",
            "[]",
            "\"x\"",
            r#"{"userinfo":{"a":1}}"#,
            r#"{"userinfo":{"a":{"essential":"yes"}}}"#,
            r#"{"userinfo":{"a":null,"a":null}}"#,
        ] {
            assert_eq!(ClaimsRequest::parse(text), Err(ClaimsRequestError), "{text}");
        }
        assert_eq!(ClaimsRequest::parse("{}"), Ok(ClaimsRequest::default()));
    }

    #[test]
    fn debug_hides_values_to_match() {
        let claims = ClaimsRequest::parse(r#"{"premiuminfo":{"name":{"value":"Given"}}}"#).unwrap();
        let shown = format!("{claims:?}");
        assert!(shown.contains("name") && !shown.contains("Given"), "{shown}");
    }
}
