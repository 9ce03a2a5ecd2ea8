//! The answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::masked::{Masked, masked_option};

/// Tokens, in the documented order of members. `Debug` shows no token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// `access_token`.
    pub access_token: String,
    /// `token_type`.
    pub token_type: TokenType,
    /// `expires_in`: life of the access token in seconds, always a JSON number.
    pub expires_in: u64,
    /// `refresh_token`; only with scope `offline_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// `id_token`; only with scope `openid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// `scope` as granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// `correlation_id` that the token request carried; the Java SDK refuses any other
    /// (mobile-connect.md §2.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

/// How the access token is presented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenType {
    /// `Bearer` (RFC 6750).
    #[default]
    Bearer,
}

impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("access_token", &Masked)
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refresh_token", &masked_option(self.refresh_token.as_ref()))
            .field("id_token", &masked_option(self.id_token.as_ref()))
            .field("scope", &self.scope)
            .field("correlation_id", &self.correlation_id)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response() -> TokenResponse {
        TokenResponse {
            access_token: "f0a3".to_owned(),
            token_type: TokenType::Bearer,
            expires_in: 600,
            refresh_token: None,
            id_token: Some("eyJh".to_owned()),
            scope: Some("openid mc_authn".to_owned()),
            correlation_id: Some("42da".to_owned()),
        }
    }

    /// mobile-connect.md §2.7.
    #[test]
    fn members_are_compact_in_the_documented_order_and_expires_in_is_a_number() {
        assert_eq!(
            serde_json::to_string(&response()).unwrap(),
            r#"{"access_token":"f0a3","token_type":"Bearer","expires_in":600,"id_token":"eyJh","scope":"openid mc_authn","correlation_id":"42da"}"#
        );
    }

    #[test]
    fn what_is_not_issued_is_left_out_and_never_null() {
        let least =
            TokenResponse { id_token: None, scope: None, correlation_id: None, ..response() };
        let json = serde_json::to_string(&least).unwrap();
        assert_eq!(json, r#"{"access_token":"f0a3","token_type":"Bearer","expires_in":600}"#);
        assert_eq!(serde_json::from_str::<TokenResponse>(&json).unwrap(), least);
    }

    #[test]
    fn debug_shows_no_token() {
        let shown = format!("{:?}", response());
        assert!(!shown.contains("f0a3") && !shown.contains("eyJh"), "{shown}");
    }
}
