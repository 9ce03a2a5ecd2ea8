//! The authorization response: a parameter list that travels in the redirect URI or in a posted form.

use crate::error::ErrorCode;
use crate::redirect_uri;

/// Members common to success and error.
#[derive(Debug, Clone, Copy)]
pub struct Echo<'a> {
    /// `state` as the request had it; left out when it had none.
    pub state: Option<&'a str>,
    /// Our issuer: `iss` is in every response (RFC 9207, T-038).
    pub issuer: &'a str,
    /// `correlation_id` as the request had it; left out when it had none.
    pub correlation_id: Option<&'a str>,
}

/// Parameters of one authorization response, in the order they are written.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    parameters: Vec<(&'static str, String)>,
}

impl AuthorizationResponse {
    /// `code`, `state`, `iss`, `correlation_id` (RFC 6749 §4.1.2, mobile-connect.md §2.5).
    pub fn success(code: &str, echo: Echo<'_>) -> Self {
        Self::of([("code", code)], echo)
    }

    /// `error`, `error_description`, `state`, `iss`, `correlation_id` (RFC 6749 §4.1.2.1).
    pub fn error(error: ErrorCode, error_description: &str, echo: Echo<'_>) -> Self {
        Self::of([("error", error.as_str()), ("error_description", error_description)], echo)
    }

    /// The list, for a `form_post` page.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The `Location` of response mode `query`.
    pub fn location(&self, redirect_uri: &str) -> String {
        redirect_uri::append(redirect_uri, self.parameters())
    }

    fn of<const N: usize>(outcome: [(&'static str, &str); N], echo: Echo<'_>) -> Self {
        let echoed = [
            ("state", echo.state),
            ("iss", Some(echo.issuer)),
            ("correlation_id", echo.correlation_id),
        ];
        let present = echoed.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let parameters = outcome.into_iter().chain(present);
        Self { parameters: parameters.map(|(name, value)| (name, value.to_owned())).collect() }
    }
}

/// Names only: the code is a secret until it is spent.
impl std::fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthorizationResponse")?;
        f.debug_list().entries(self.parameters().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ECHO: Echo<'_> =
        Echo { state: Some("a b"), issuer: "https://idgw.example.net", correlation_id: Some("42") };

    #[test]
    fn success_carries_code_state_issuer_and_correlation() {
        let response = AuthorizationResponse::success("c1", ECHO);
        assert_eq!(
            response.location("https://sp.example/cb?x=1"),
            "https://sp.example/cb?x=1&code=c1&state=a%20b&iss=https%3A%2F%2Fidgw.example.net\
             &correlation_id=42"
        );
    }

    /// T-038.
    #[test]
    fn an_error_carries_the_issuer_too_and_leaves_out_what_was_not_sent() {
        let echo = Echo { state: None, correlation_id: None, ..ECHO };
        let response = AuthorizationResponse::error(ErrorCode::AccessDenied, "Unknown user", echo);
        let parameters: Vec<_> = response.parameters().collect();
        assert_eq!(
            parameters,
            [
                ("error", "access_denied"),
                ("error_description", "Unknown user"),
                ("iss", "https://idgw.example.net"),
            ]
        );
    }

    #[test]
    fn debug_hides_the_code() {
        let shown = format!("{:?}", AuthorizationResponse::success("c0ffee", ECHO));
        assert!(!shown.contains("c0ffee"), "{shown}");
    }
}
