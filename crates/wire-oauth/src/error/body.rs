//! The JSON body of an error answer.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::ErrorCode;

/// `{"error":…,"error_description":…,"correlation_id":…}` (RFC 6749 §5.2, mobile-connect.md §2.7).
///
/// Descriptions are fixed texts: clients compare them, and an echo of input would be a gift (T-011).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// `error`.
    pub error: ErrorCode,
    /// `error_description`; printable ASCII without `"` and `\` (RFC 6749 §5.2).
    pub error_description: Cow<'static, str>,
    /// `correlation_id` of the request; left out when the request had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl ErrorBody {
    /// A body without `correlation_id`.
    pub fn new(error: ErrorCode, error_description: impl Into<Cow<'static, str>>) -> Self {
        Self { error, error_description: error_description.into(), correlation_id: None }
    }

    /// The same body that echoes a `correlation_id`.
    #[must_use]
    pub fn with_correlation_id(self, correlation_id: Option<String>) -> Self {
        Self { correlation_id, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_compact_and_an_absent_correlation_id_is_left_out() {
        let body = ErrorBody::new(ErrorCode::InvalidGrant, "The code is not valid");
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"error":"invalid_grant","error_description":"The code is not valid"}"#
        );
        let body = body.with_correlation_id(Some("42da5b19".to_owned()));
        let json = serde_json::to_string(&body).unwrap();
        assert_eq!(
            json,
            r#"{"error":"invalid_grant","error_description":"The code is not valid","correlation_id":"42da5b19"}"#
        );
        assert_eq!(serde_json::from_str::<ErrorBody>(&json).unwrap(), body);
    }
}
