//! Errors of discovery.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Codes of mobile-connect.md §1.5; they differ from those of OAuth, also in spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryErrorCode {
    /// A parameter or the `Authorization` header is missing or malformed (400).
    InvalidRequest,
    /// The secret is wrong (401).
    InvalidClient,
    /// The application is not known (404).
    ApplicationNotFound,
    /// The application is not active (404).
    InvalidApplication,
    /// There is no such operator (404). Clients compare this spelling.
    #[serde(rename = "Not_Found_Entity")]
    NotFoundEntity,
    /// Too many requests of this application (429). The word of RFC 6749; the specification has none.
    TemporarilyUnavailable,
    /// Something broke here (500).
    UnexpectedError,
}

impl DiscoveryErrorCode {
    /// The code as it is written in `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::ApplicationNotFound => "application_not_found",
            Self::InvalidApplication => "invalid_application",
            Self::NotFoundEntity => "Not_Found_Entity",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnexpectedError => "unexpected_error",
        }
    }
}

/// One text under two names: v1 clients read `error_description`, v2 clients `description`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoveryError {
    /// `error`.
    pub error: DiscoveryErrorCode,
    description: Cow<'static, str>,
    error_description: Cow<'static, str>,
    /// `correlation_id` of the request; left out when it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl DiscoveryError {
    /// A body with that text.
    pub fn new(
        error: DiscoveryErrorCode,
        description: impl Into<Cow<'static, str>>,
        correlation_id: Option<String>,
    ) -> Self {
        let description = description.into();
        Self {
            error,
            description: description.clone(),
            error_description: description,
            correlation_id,
        }
    }

    /// The text.
    pub fn description(&self) -> &str {
        &self.description
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_there_under_both_names() {
        let body = DiscoveryError::new(
            DiscoveryErrorCode::NotFoundEntity,
            "Operator Not Found",
            Some("42".to_owned()),
        );
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"error":"Not_Found_Entity","description":"Operator Not Found","error_description":"Operator Not Found","correlation_id":"42"}"#
        );
    }

    #[test]
    fn codes_are_spelled_as_clients_compare_them() {
        for (code, text) in [
            (DiscoveryErrorCode::InvalidRequest, "invalid_request"),
            (DiscoveryErrorCode::InvalidClient, "invalid_client"),
            (DiscoveryErrorCode::ApplicationNotFound, "application_not_found"),
            (DiscoveryErrorCode::InvalidApplication, "invalid_application"),
            (DiscoveryErrorCode::NotFoundEntity, "Not_Found_Entity"),
            (DiscoveryErrorCode::TemporarilyUnavailable, "temporarily_unavailable"),
            (DiscoveryErrorCode::UnexpectedError, "unexpected_error"),
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), text);
            assert_eq!(code.as_str(), text);
        }
    }
}
