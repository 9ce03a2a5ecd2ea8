//! Claims of the ID Token (OpenID Connect Core §2, mobile-connect.md §2.8) and the two digests in it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Claims in the order they are written. Serialise with `serde_json::to_vec`: the GSMA Java SDK finds the
/// nonce by a pattern that allows no space after a colon. Times are whole seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// `iss`: byte for byte the `issuer` of the metadata.
    pub iss: String,
    /// `sub`: the pseudonym (PCR), never the MSISDN.
    pub sub: String,
    /// `aud`: always an array, with the client alone in it.
    pub aud: Vec<String>,
    /// `azp`: the client again; PHP and .NET clients read it.
    pub azp: String,
    /// `exp`.
    pub exp: i64,
    /// `iat`.
    pub iat: i64,
    /// `auth_time`: when the user was authenticated.
    pub auth_time: i64,
    /// `nonce` of the request; left out when it had none (profile `oidc`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// `at_hash`: see [`at_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// `acr` that was reached, a string also where it looks like a number.
    pub acr: String,
    /// `amr`: names of the methods used.
    pub amr: Vec<String>,
    /// `hashed_login_hint`: see [`hashed_login_hint`]; profile `mobile_connect`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashed_login_hint: Option<String>,
    /// `displayed_data`: the text that the user saw and approved (`mc_authz`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub displayed_data: Option<String>,
    /// `sid` of the login session (OpenID Connect Back-Channel Logout §2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

/// `at_hash` for the algorithms of the SHA-256 family (RS256, PS256, ES256): the left half of the digest
/// of the access token, in base64url (OpenID Connect Core §3.1.3.6).
pub fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16])
}

/// `hashed_login_hint`: lower-case hexadecimal SHA-256 of the hint exactly as received, tag included.
/// Without a hint, give it `PCR:<sub>` (mobile-connect.md §2.8).
pub fn hashed_login_hint(hint: &str) -> String {
    let digest = digest(&SHA256, hint.as_bytes());
    let half_bytes = digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    half_bytes.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_digests_agree_with_the_sample_of_the_profile() {
        assert_eq!(at_hash("f0a3c1de-2b64-4f0e-9f55-0d6d1f1b7a20"), "x3qOQ3EpWXzLxkXgMsWbJg");
        assert_eq!(
            hashed_login_hint("MSISDN:447700900907"),
            "653f0b887e4e9d2636c08fc3bea87cdb32f438291090cd1dd7717b85a24adeae"
        );
    }

    /// mobile-connect.md §2.8.
    #[test]
    fn claims_are_compact_in_the_documented_order() {
        let claims = IdTokenClaims {
            iss: "https://idgw.example.net/oidc".to_owned(),
            sub: "22735ae2".to_owned(),
            aud: vec!["app".to_owned()],
            azp: "app".to_owned(),
            exp: 1_795_003_200,
            iat: 1_795_002_600,
            auth_time: 1_795_002_590,
            nonce: Some("878aacd7".to_owned()),
            at_hash: Some("x3qO".to_owned()),
            acr: "3".to_owned(),
            amr: vec!["SIM_PIN".to_owned()],
            hashed_login_hint: Some("653f".to_owned()),
            displayed_data: None,
            sid: None,
        };
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(
            json,
            r#"{"iss":"https://idgw.example.net/oidc","sub":"22735ae2","aud":["app"],"azp":"app","exp":1795003200,"iat":1795002600,"auth_time":1795002590,"nonce":"878aacd7","at_hash":"x3qO","acr":"3","amr":["SIM_PIN"],"hashed_login_hint":"653f"}"#
        );
        assert_eq!(serde_json::from_str::<IdTokenClaims>(&json).unwrap(), claims);
    }
}
