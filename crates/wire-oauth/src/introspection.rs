//! The answer of the introspection endpoint (RFC 7662 §2.2), plain or as the claims of a JWT (RFC 9701 §5).

use serde::Serialize;

/// What a token is worth to the caller.
///
/// Two variants and not one structure of options: an inactive answer that says more than `active` would
/// tell unknown, foreign and expired tokens apart (T-058).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntrospectionResponse {
    /// A living token meant for the caller.
    Active(Box<ActiveToken>),
    /// Anything else: exactly `{"active":false}`.
    Inactive,
}

/// Members of a living token. Times are whole seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ActiveToken {
    /// `scope` as granted.
    pub scope: String,
    /// `client_id` of the client that the token was issued to.
    pub client_id: String,
    /// `token_type`, `Bearer` for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// `exp`.
    pub exp: i64,
    /// `iat`.
    pub iat: i64,
    /// `sub`: the pseudonym (PCR), never the MSISDN.
    pub sub: String,
    /// `aud`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// `iss`: our issuer.
    pub iss: String,
    /// `jti`: the inner id of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// `acr` that the authentication reached (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// `auth_time` (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
}

impl IntrospectionResponse {
    /// The answer for a living token.
    pub fn active(token: ActiveToken) -> Self {
        Self::Active(Box::new(token))
    }

    /// The uniform answer for every other token.
    pub fn inactive() -> Self {
        Self::Inactive
    }
}

impl Serialize for IntrospectionResponse {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            active: bool,
            #[serde(flatten)]
            token: Option<&'a ActiveToken>,
        }
        let token = match self {
            Self::Active(token) => Some(token.as_ref()),
            Self::Inactive => None,
        };
        Wire { active: token.is_some(), token }.serialize(serializer)
    }
}

/// Media type of an answer as a JWT (RFC 9701 §4).
pub const JWT_MEDIA_TYPE: &str = "application/token-introspection+jwt";

/// `typ` of that JWT (RFC 9701 §5): keeps it apart from ID Tokens.
pub const JWT_TYPE: &str = "token-introspection+jwt";

/// Claims of an answer as a JWT (RFC 9701 §5). It has neither `sub` nor `exp` of its own: it is not a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IntrospectionClaims<'a> {
    /// `iss`: our issuer.
    pub iss: &'a str,
    /// `aud`: the `client_id` of the one who asked.
    pub aud: &'a str,
    /// `iat`: whole seconds since 1970-01-01 UTC.
    pub iat: i64,
    /// `token_introspection`: the plain answer.
    pub token_introspection: &'a IntrospectionResponse,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-058.
    #[test]
    fn an_inactive_answer_says_nothing_else() {
        let json = serde_json::to_string(&IntrospectionResponse::inactive()).unwrap();
        assert_eq!(json, r#"{"active":false}"#);
    }

    #[test]
    fn an_active_answer_starts_with_active_and_leaves_out_what_is_absent() {
        let token = ActiveToken {
            scope: "openid".to_owned(),
            client_id: "app".to_owned(),
            token_type: Some("Bearer"),
            exp: 1_795_003_200,
            iat: 1_795_002_600,
            sub: "22735ae2".to_owned(),
            iss: "https://idgw.example.net".to_owned(),
            acr: Some("2".to_owned()),
            ..ActiveToken::default()
        };
        assert_eq!(
            serde_json::to_string(&IntrospectionResponse::active(token)).unwrap(),
            r#"{"active":true,"scope":"openid","client_id":"app","token_type":"Bearer","exp":1795003200,"iat":1795002600,"sub":"22735ae2","iss":"https://idgw.example.net","acr":"2"}"#
        );
    }

    /// RFC 9701 §5: the answer lies in one member, so that none of its own passes for a claim of a token.
    #[test]
    fn the_answer_lies_in_one_claim_of_the_jwt() {
        let claims = IntrospectionClaims {
            iss: "https://idgw.example.net",
            aud: "api",
            iat: 1_795_002_600,
            token_introspection: &IntrospectionResponse::Inactive,
        };
        assert_eq!(
            serde_json::to_string(&claims).unwrap(),
            r#"{"iss":"https://idgw.example.net","aud":"api","iat":1795002600,"token_introspection":{"active":false}}"#
        );
    }
}
