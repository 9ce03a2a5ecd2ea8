//! What the AuthServer stands on.

use std::sync::Arc;

use fiador_domain::{assurance::SEAMLESS, catalog::ScopeEntry, numbering::NumberingPlan};
use fiador_http_kit::{CookiePolicy, Pages};
use fiador_kernel::{Amr, Clock, Entropy, Region};
use fiador_ports::{
    AuditLog, AuthenticatorRouter, ClientAuthenticator, ClientKeys, Clients, CodeIssuer, Consents,
    Journeys, LoginSessions, OperatorKeys, Pcrs, Replay, RequestedClaims, Revocations, Signer,
    Subscribers, Vault,
};

/// Everything the AuthServer asks of the world. The binary decides who stands behind each.
#[derive(Clone)]
#[expect(missing_docs, reason = "each member is the port of its name, documented there")]
pub struct Dependencies {
    pub clients: Arc<dyn Clients>,
    pub journeys: Arc<dyn Journeys>,
    pub subscribers: Arc<dyn Subscribers>,
    pub vault: Arc<dyn Vault>,
    pub router: Arc<dyn AuthenticatorRouter>,
    pub code_issuer: Arc<dyn CodeIssuer>,
    pub sessions: Arc<dyn LoginSessions>,
    pub consents: Arc<dyn Consents>,
    pub pcrs: Arc<dyn Pcrs>,
    pub signer: Arc<dyn Signer>,
    pub revocations: Arc<dyn Revocations>,
    pub requested_claims: Arc<dyn RequestedClaims>,
    pub client_authenticator: Arc<dyn ClientAuthenticator>,
    pub client_keys: Arc<dyn ClientKeys>,
    pub operator_keys: Arc<dyn OperatorKeys>,
    pub replay: Arc<dyn Replay>,
    pub audit: Arc<dyn AuditLog>,
    /// Number ranges: whose numbers are served, see [`Settings::serves_ported_in_numbers`].
    pub numbering: Arc<NumberingPlan>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Brand, words and files; build the words with [`crate::add_messages`] and the files with
    /// [`crate::add_assets`].
    pub pages: Arc<Pages>,
    pub settings: Settings,
}

/// What the operator decides about the AuthServer.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `issuer`: an https URL without trailing slash, byte for byte what ID Tokens carry as `iss`.
    /// Every address that leaves is built from it, never from a `Host` header (T-006). Its path, if
    /// it has one, is where [`crate::AuthServer::routes`] must be nested.
    pub issuer: String,
    /// How cookies are set.
    pub cookies: CookiePolicy,
    /// The country whose numbers people may type in national form.
    pub home: Option<Region>,
    /// What authorization requests may say.
    pub rules: Rules,
    /// Subscribers whose number is outside the operator's own ranges are served too: numbers that
    /// were ported in. Otherwise such a number goes the way of an unknown one, and gets no message
    /// (T-123).
    pub serves_ported_in_numbers: bool,
    /// Mobile Connect names of the methods that the wired authenticators report, for the metadata
    /// (mobile-connect §2.10, `mc_amr_values_supported`).
    pub mc_amr_values: Vec<Amr>,
}

/// What the operator decides about authorization requests.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A request without a hint leads to a page that asks for the number; otherwise a
    /// `mobile_connect` request without one is refused (mobile-connect §2.6).
    pub asks_for_number: bool,
    /// `mc_di_v3.0` may be asked for, and is in the metadata.
    pub offers_di_3_0: bool,
    /// Longest `context`, in characters. An authenticator that cannot show as much is passed over,
    /// and without another one the request is refused: nothing is cut (mobile-connect §2.1).
    pub context_length: usize,
    /// Longest `binding_message`, in characters.
    pub binding_message_length: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            asks_for_number: true,
            offers_di_3_0: false,
            context_length: 120,
            binding_message_length: 50,
        }
    }
}

impl Settings {
    /// Whether some authenticator is good enough for what the scope opens (T-062).
    pub(crate) fn serves(&self, entry: &ScopeEntry) -> bool {
        !entry.needs_network_proof() || self.has_network_proof()
    }

    /// Whether some authenticator can tell the number from the network.
    pub(crate) fn has_network_proof(&self) -> bool {
        self.mc_amr_values.contains(&SEAMLESS)
    }

    /// The path of the issuer, without trailing slash: empty for an issuer that is a bare origin.
    pub(crate) fn base_path(&self) -> &str {
        let origin_and_path = self.issuer.split_once("://").map_or("", |(_, rest)| rest);
        origin_and_path.find('/').map_or("", |at| origin_and_path[at..].trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_what_follows_the_host() {
        let base_path = |issuer: &str| {
            let settings = Settings {
                issuer: issuer.to_owned(),
                cookies: CookiePolicy { secure: true },
                home: None,
                rules: Rules::default(),
                serves_ported_in_numbers: false,
                mc_amr_values: vec![],
            };
            settings.base_path().to_owned()
        };
        assert_eq!(base_path("https://id.example"), "");
        assert_eq!(base_path("https://id.example:8443/oidc"), "/oidc");
    }
}
