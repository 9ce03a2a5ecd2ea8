//! Client assertions (RFC 7523 §2.2 and §3, OpenID Connect Core §9).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::masked::Masked;
use crate::numeric_date;
use crate::strict_json;

/// The one value of `client_assertion_type` that is offered (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longest `jti` in bytes; libraries use UUIDs.
pub const MAX_JTI: usize = 255;

/// Who an assertion says it comes from (`sub`), before anything about it is known to be true: needed to find
/// the keys that its signature is then checked with. `None` for what cannot be an assertion.
pub fn claimed_client(assertion: &str) -> Option<String> {
    let mut parts = assertion.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    match strict_json::parse(&payload).ok()?.get("sub") {
        Some(Value::String(sub)) => Some(sub.clone()),
        _ => None,
    }
}

/// The claims of an assertion whose signature is good, each of the right type. Times are whole seconds since
/// 1970-01-01 UTC. `Debug` shows no `jti`.
#[derive(Clone, PartialEq, Eq)]
pub struct AssertionClaims {
    /// `iss`.
    pub iss: String,
    /// `sub`.
    pub sub: String,
    /// `aud`: one text or an array of them; at least one.
    pub aud: Vec<String>,
    /// `exp`.
    pub exp: i64,
    /// `iat`, if it is there.
    pub iat: Option<i64>,
    /// `nbf`, if it is there.
    pub nbf: Option<i64>,
    /// `jti`; 1 to [`MAX_JTI`] bytes.
    pub jti: String,
}

/// A claim that is missing or cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claim {0} of the client assertion is missing or malformed")]
pub struct AssertionClaimError(pub &'static str);

impl AssertionClaims {
    /// Reads the claims; others are ignored. Whether they hold is for the caller to say.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, AssertionClaimError> {
        Ok(Self {
            iss: text(claims, "iss")?,
            sub: text(claims, "sub")?,
            aud: audience(claims.get("aud")).ok_or(AssertionClaimError("aud"))?,
            exp: date(claims, "exp")?.ok_or(AssertionClaimError("exp"))?,
            iat: date(claims, "iat")?,
            nbf: date(claims, "nbf")?,
            jti: text(claims, "jti").ok().filter(|jti| jti.len() <= MAX_JTI).ok_or(
                // RFC 7523 §3 leaves it open; without it nothing tells a replay (T-061).
                AssertionClaimError("jti"),
            )?,
        })
    }
}

impl std::fmt::Debug for AssertionClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AssertionClaims")
            .field("iss", &self.iss)
            .field("sub", &self.sub)
            .field("aud", &self.aud)
            .field("exp", &self.exp)
            .field("iat", &self.iat)
            .field("nbf", &self.nbf)
            .field("jti", &Masked)
            .finish()
    }
}

fn text(claims: &Map<String, Value>, name: &'static str) -> Result<String, AssertionClaimError> {
    match claims.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(AssertionClaimError(name)),
    }
}

fn audience(aud: Option<&Value>) -> Option<Vec<String>> {
    match aud? {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(several) if !several.is_empty() => {
            several.iter().map(|one| one.as_str().map(str::to_owned)).collect()
        }
        _ => None,
    }
}

fn date(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<i64>, AssertionClaimError> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    numeric_date::read(value).map(Some).ok_or(AssertionClaimError(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn claims() -> Value {
        json!({
            "iss": "app", "sub": "app", "aud": "https://idgw.example.net", "exp": 1_795_003_200,
            "iat": 1_795_003_140.75, "jti": "22735ae2",
        })
    }

    fn assertion(payload: &[u8]) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn one_audience_and_an_array_of_them_are_read_alike() {
        let mut members = object(claims());
        let one = AssertionClaims::read(&members).unwrap();
        assert_eq!(one.aud, ["https://idgw.example.net"]);
        assert_eq!((one.exp, one.iat, one.nbf), (1_795_003_200, Some(1_795_003_140), None));
        members.insert("aud".to_owned(), json!(["https://idgw.example.net", "x"]));
        assert_eq!(AssertionClaims::read(&members).unwrap().aud.len(), 2);
    }

    #[test]
    fn each_claim_that_is_missing_or_of_another_type_is_named() {
        for name in ["iss", "sub", "aud", "exp", "jti"] {
            let mut members = object(claims());
            members.remove(name);
            assert_eq!(AssertionClaims::read(&members), Err(AssertionClaimError(name)));
        }
        for (name, bad) in [
            ("iss", json!(7)),
            ("sub", json!("")),
            ("aud", json!([])),
            ("aud", json!(["a", 7])),
            ("aud", json!({"a": 1})),
            ("exp", json!("1795003200")),
            ("iat", json!(null)),
            ("nbf", json!([])),
            ("nbf", json!(1e300)),
            ("jti", json!("j".repeat(256))),
        ] {
            let mut members = object(claims());
            members.insert(name.to_owned(), bad);
            assert_eq!(AssertionClaims::read(&members), Err(AssertionClaimError(name)), "{name}");
        }
    }

    #[test]
    fn the_claimed_client_is_read_without_believing_it() {
        let token = assertion(claims().to_string().as_bytes());
        assert_eq!(claimed_client(&token).as_deref(), Some("app"));
        for bad in [
            "",
            "a.b",
            "a.b.c.d",
            "e30.!.c2ln",
            &assertion(b"{}"),
            &assertion(br#"{"sub":7}"#),
            &assertion(br#"{"sub":"a","sub":"b"}"#),
            &assertion(br#"["sub"]"#),
        ] {
            assert_eq!(claimed_client(bad), None, "{bad}");
        }
    }

    proptest! {
        /// T-008.
        #[test]
        fn nothing_makes_the_decoder_panic(token in ".{0,200}", payload in ".{0,200}") {
            let _ = claimed_client(&token);
            let _ = claimed_client(&assertion(payload.as_bytes()));
        }
    }
}
