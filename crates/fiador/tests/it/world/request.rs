//! Authorization requests, good unless a story spoils them.

use super::{Application, encoded};

/// Registered with every application; nobody listens there, the user's browser stops before it.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1/callback";

/// The verifier and its S256 challenge of RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Parameters in their order.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    parameters: Vec<(String, String)>,
}

impl AuthorizationRequest {
    /// The least that the profile of the application demands.
    pub(crate) fn of(application: &Application) -> Self {
        let request = Self { parameters: Vec::new() }
            .with("client_id", &application.client_id)
            .with("redirect_uri", REDIRECT_URI)
            .with("response_type", "code")
            .with("state", "a state with spaces")
            .with("nonce", "nonce-1")
            .with("acr_values", "2");
        if application.profile == "mobile_connect" {
            return request.with("scope", "openid mc_authn").with("version", "mc_di_r2_v2.3");
        }
        request
            .with("scope", "openid")
            .with("code_challenge", CHALLENGE)
            .with("code_challenge_method", "S256")
    }

    /// Sets a parameter.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut request = self.without(name);
        request.parameters.push((name.to_owned(), value.to_owned()));
        request
    }

    /// Adds a parameter that may be there already.
    pub(crate) fn with_again(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a parameter out.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.parameters.retain(|(present, _)| present != name);
        self
    }

    /// Names the user by number.
    pub(crate) fn for_number(self, msisdn: &str) -> Self {
        self.with("login_hint", &format!("MSISDN:{msisdn}"))
    }

    /// Asks for attributes; a Mobile Connect client must then say what for.
    pub(crate) fn for_attributes(self, application: &Application) -> Self {
        if application.profile == "mobile_connect" {
            return self
                .with("scope", "openid mc_authn mc_identity_phonenumber")
                .with("client_name", &application.name)
                .with("context", "Order 7")
                .with("binding_message", "B-7");
        }
        self.with("scope", "openid profile phone")
    }

    /// The names of the parameters.
    pub(crate) fn names(&self) -> Vec<String> {
        self.parameters.iter().map(|(name, _)| name.clone()).collect()
    }

    /// As a query or form body.
    pub(crate) fn encoded(&self) -> String {
        encoded(self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}
