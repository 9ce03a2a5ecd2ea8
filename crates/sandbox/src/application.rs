//! The service providers' applications of the sandbox.

use fiador_domain::{client::SigningAlgorithm, profile::Profile};
use serde::Serialize;

use crate::Seed;

/// Id of the sandbox's own operator in Discovery.
pub const OWN_OPERATOR: &str = "sandbox";

/// Id of the other operator there, whose gateway nobody runs.
pub const OTHER_OPERATOR: &str = "telecom";

/// One application, as the machine contract shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Application {
    /// Registered short name, at most 16 characters.
    pub name: &'static str,
    /// Its profile.
    pub profile: Profile,
    /// Operator `client_id`.
    pub client_id: String,
    /// Operator `client_secret`.
    pub client_secret: String,
    /// Registered redirect URIs: the demo service provider's, and loopback with any port.
    pub redirect_uris: Vec<String>,
    /// Where a browser may go after logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: &'static [&'static str],
    /// How its ID Tokens are signed.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// Discovery `client_id`.
    pub discovery_client_id: String,
    /// Discovery `client_secret`.
    pub discovery_client_secret: String,
}

/// All applications. `demo` is the base URL of the demo service provider.
pub fn applications(seed: Seed, demo: &str) -> Vec<Application> {
    const MOBILE_CONNECT: &[&str] = &[
        "openid",
        "mc_authn",
        "mc_authz",
        "mc_identity_phonenumber",
        "mc_identity_phonenumber_hashed",
        "mc_identity_signup",
        "mc_identity_signupplus",
        "mc_identity_nationalid",
        "mc_mnv_validate",
        "mc_mnv_validate_plus",
        "mc_kyc_plain",
        "mc_kyc_hashed",
        "mc_vm_match",
        "mc_vm_match_hash",
        "mc_attr_vm_match",
        "mc_attr_vm_match_hash",
        "mc_atp",
    ];
    const OIDC: &[&str] = &["openid", "profile", "email", "phone", "address"];
    let application = |name, profile, scopes, id_token_signed_response_alg| {
        let part = |what: &str| seed.text(&format!("{what} {name}"));
        Application {
            name,
            profile,
            client_id: part("client_id"),
            client_secret: part("client_secret"),
            redirect_uris: vec![format!("{demo}/callback"), "http://127.0.0.1/callback".to_owned()],
            post_logout_redirect_uris: vec![format!("{demo}/")],
            scopes,
            id_token_signed_response_alg,
            discovery_client_id: part("discovery_client_id"),
            discovery_client_secret: part("discovery_client_secret"),
        }
    };
    vec![
        application("Demo Shop", Profile::MobileConnect, MOBILE_CONNECT, SigningAlgorithm::Rs256),
        application("Demo Portal", Profile::Oidc, OIDC, SigningAlgorithm::Rs256),
        application("Demo Portal ES", Profile::Oidc, OIDC, SigningAlgorithm::Es256),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_ids_are_url_safe() {
        for application in applications(Seed::new(1), "http://localhost:1/demo") {
            assert!(application.name.len() <= 16);
            for id in [&application.client_id, &application.client_secret] {
                assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
            }
        }
    }
}
