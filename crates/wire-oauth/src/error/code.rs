//! Error codes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Every error code that OAuth, OpenID Connect and Mobile Connect endpoints answer with. The clause named
/// is the one that registers the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// A parameter is missing, repeated or malformed (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1).
    InvalidRequest,
    /// This client may not do this (RFC 6749 §4.1.2.1, §5.2).
    UnauthorizedClient,
    /// The user or the gateway refused (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// The `response_type` is not offered (RFC 6749 §4.1.2.1).
    UnsupportedResponseType,
    /// A scope is unknown or not granted (RFC 6749 §4.1.2.1, §5.2).
    InvalidScope,
    /// Something broke here (RFC 6749 §4.1.2.1).
    ServerError,
    /// Overloaded or in maintenance (RFC 6749 §4.1.2.1).
    TemporarilyUnavailable,
    /// `prompt=none` and the user must log in (OpenID Connect Core §3.1.2.6).
    LoginRequired,
    /// `prompt=none` and the user must do something (OpenID Connect Core §3.1.2.6).
    InteractionRequired,
    /// `prompt=none` and the user must consent (OpenID Connect Core §3.1.2.6).
    ConsentRequired,
    /// `prompt=none` and the user must choose an account (OpenID Connect Core §3.1.2.6).
    AccountSelectionRequired,
    /// An essential `acr` cannot be met (OpenID Connect Core Unmet Authentication Requirements).
    UnmetAuthenticationRequirements,
    /// `request` is not offered (OpenID Connect Core §3.1.2.6).
    RequestNotSupported,
    /// `request_uri` is not offered (OpenID Connect Core §3.1.2.6).
    RequestUriNotSupported,
    /// `registration` is not offered (OpenID Connect Core §3.1.2.6).
    RegistrationNotSupported,
    /// `request_uri` gives no valid document (OpenID Connect Core §3.1.2.6).
    InvalidRequestUri,
    /// The request object is not valid (OpenID Connect Core §3.1.2.6).
    InvalidRequestObject,
    /// Client authentication failed (RFC 6749 §5.2).
    InvalidClient,
    /// The code or refresh token is not good here (RFC 6749 §5.2).
    InvalidGrant,
    /// The `grant_type` is not offered (RFC 6749 §5.2).
    UnsupportedGrantType,
    /// This kind of token cannot be revoked (RFC 7009 §2.2.1).
    UnsupportedTokenType,
    /// The access token is not good (RFC 6750 §3.1).
    InvalidToken,
    /// The access token does not cover this (RFC 6750 §3.1).
    InsufficientScope,
    /// The user has not answered yet (RFC 8628 §3.5, CIBA Core §11).
    AuthorizationPending,
    /// Polling too fast (RFC 8628 §3.5, CIBA Core §11).
    SlowDown,
    /// The request handle has lapsed (RFC 8628 §3.5, CIBA Core §11).
    ExpiredToken,
}

impl ErrorCode {
    /// Every code, in the order of declaration.
    pub const ALL: [Self; 26] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::InvalidScope,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::InteractionRequired,
        Self::ConsentRequired,
        Self::AccountSelectionRequired,
        Self::UnmetAuthenticationRequirements,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::InvalidRequestUri,
        Self::InvalidRequestObject,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnsupportedGrantType,
        Self::UnsupportedTokenType,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::AuthorizationPending,
        Self::SlowDown,
        Self::ExpiredToken,
    ];

    /// The code on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_text_of_every_code_is_its_wire_text() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(&code).unwrap();
            assert_eq!(json, format!("\"{code}\""));
            assert_eq!(serde_json::from_str::<ErrorCode>(&json).unwrap(), code);
        }
    }
}
