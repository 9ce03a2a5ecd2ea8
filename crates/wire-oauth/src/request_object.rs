//! What a signed request object says (OpenID Connect Core §6.1, RFC 9101 §4): claims about itself,
//! and authorization request parameters as members of one JSON object.
//!
//! The signature has been checked before its claims come here. Whether the object is meant for us and in
//! time is not decided here.

use std::fmt;

use serde_json::{Map, Value};

use crate::numeric_date;

/// Members about the object itself, which are no parameters (RFC 7519 §4.1).
const ABOUT_ITSELF: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// A request object. `Debug` shows the names of its parameters only: values may be personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestObject {
    /// `iss`: who made it.
    pub issuer: Option<String>,
    /// `aud`: whom it is for; empty when it does not say.
    pub audience: Vec<String>,
    /// `exp`, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// `nbf`, in seconds since 1970.
    pub not_before: Option<i64>,
    /// `iat`, in seconds since 1970.
    pub issued_at: Option<i64>,
    /// `jti`: its name, by which a second use is known.
    pub id: Option<String>,
    parameters: Vec<(String, String)>,
}

/// A claim has not the type that its place demands, or another request is nested in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestObjectError {
    /// A claim about the object itself has a wrong type.
    #[error("a claim about the request object itself has a wrong type")]
    Claim,
    /// A parameter is neither a text nor, where that is its form, a number or an object.
    #[error("a parameter in the request object has a wrong type")]
    Parameter,
    /// `request` or `request_uri` inside (OpenID Connect Core §6.1).
    #[error("the request object has another request in it")]
    Nested,
}

impl RequestObject {
    /// Sorts the claims. Numbers (`max_age`) and objects (`claims`) become the text that they would be as
    /// parameters.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, RequestObjectError> {
        let mut parameters = Vec::new();
        for (name, value) in claims {
            match (name.as_str(), value) {
                ("request" | "request_uri", _) => return Err(RequestObjectError::Nested),
                (about, _) if ABOUT_ITSELF.contains(&about) => {}
                (_, Value::String(text)) => parameters.push((name.clone(), text.clone())),
                ("claims", Value::Object(_)) | (_, Value::Number(_)) => {
                    parameters.push((name.clone(), value.to_string()));
                }
                _ => return Err(RequestObjectError::Parameter),
            }
        }
        Ok(Self {
            issuer: text(claims, "iss")?,
            audience: audience(claims.get("aud"))?,
            expires_at: seconds(claims, "exp")?,
            not_before: seconds(claims, "nbf")?,
            issued_at: seconds(claims, "iat")?,
            id: text(claims, "jti")?,
            parameters,
        })
    }

    /// The value of one parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// All parameters, each name once.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for RequestObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestObject")?;
        f.debug_list().entries(self.parameters().map(|(name, _)| name)).finish()
    }
}

fn text(claims: &Map<String, Value>, name: &str) -> Result<Option<String>, RequestObjectError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(RequestObjectError::Claim),
    }
}

/// One text, or a list of texts (RFC 7519 §4.1.3).
fn audience(claim: Option<&Value>) -> Result<Vec<String>, RequestObjectError> {
    let one = |value: &Value| value.as_str().map(str::to_owned).ok_or(RequestObjectError::Claim);
    match claim {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(one).collect(),
        Some(value) => one(value).map(|audience| vec![audience]),
    }
}

fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, RequestObjectError> {
    let read = |value| numeric_date::read(value).ok_or(RequestObjectError::Claim);
    claims.get(name).map(read).transpose()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(claims: &Value) -> Result<RequestObject, RequestObjectError> {
        RequestObject::read(claims.as_object().unwrap())
    }

    #[test]
    fn claims_about_itself_and_parameters_are_told_apart() {
        let object = read(&json!({
            "iss": "app", "aud": ["https://id.example"], "exp": 1_795_003_200.5, "jti": "1",
            "client_id": "app", "max_age": 60, "claims": {"userinfo": {"email": null}},
        }))
        .unwrap();
        assert_eq!(object.issuer.as_deref(), Some("app"));
        assert_eq!(object.audience, ["https://id.example"]);
        assert_eq!((object.expires_at, object.not_before), (Some(1_795_003_200), None));
        let mut parameters: Vec<_> = object.parameters().collect();
        parameters.sort_unstable();
        let claims = r#"{"userinfo":{"email":null}}"#;
        assert_eq!(parameters, [("claims", claims), ("client_id", "app"), ("max_age", "60")]);
        assert_eq!(read(&json!({"aud": "x"})).unwrap().audience, ["x"]);
    }

    #[test]
    fn wrong_types_and_nested_requests_are_refused() {
        use RequestObjectError as E;
        for (claims, error) in [
            (json!({"iss": 1}), E::Claim),
            (json!({"aud": {"a": 1}}), E::Claim),
            (json!({"aud": [1]}), E::Claim),
            (json!({"exp": "soon"}), E::Claim),
            (json!({"exp": 1e300}), E::Claim),
            (json!({"jti": []}), E::Claim),
            (json!({"scope": ["openid"]}), E::Parameter),
            (json!({"state": null}), E::Parameter),
            (json!({"state": true}), E::Parameter),
            (json!({"state": {}}), E::Parameter),
            (json!({"request": "x"}), E::Nested),
            (json!({"request_uri": "x"}), E::Nested),
        ] {
            assert_eq!(read(&claims), Err(error), "{claims}");
        }
    }

    #[test]
    fn debug_hides_values() {
        let shown = format!("{:?}", read(&json!({"login_hint": "MSISDN:447700900907"})).unwrap());
        assert!(shown.contains("login_hint") && !shown.contains("4477"), "{shown}");
    }
}
