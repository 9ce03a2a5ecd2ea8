//! What the AuthServer stands on.

use std::sync::Arc;

use fiador_domain::{assurance::SEAMLESS, catalog::ScopeEntry, numbering::NumberingPlan};
use fiador_http_kit::{CookiePolicy, Pages};
use fiador_kernel::{Amr, Clock, Entropy, Issuer, Loa, Region};
use fiador_ports::{
    AuditLog, AuthenticatorRouter, ClientAuthenticator, ClientKeys, Clients, CodeIssuer, Consents,
    Journeys, LoginSessions, OperatorKeys, Pcrs, Replay, RequestedClaims, Revocations, Signer,
    Subscribers, Vault,
};

/// Everything the AuthServer asks of the world. The binary decides who stands behind each.
#[derive(Clone)]
pub struct Dependencies {
    /// Registered applications: who asks, and what it may ask for.
    pub clients: Arc<dyn Clients>,
    /// Logins under way, from `/authorize` or `/par` to their code.
    pub journeys: Arc<dyn Journeys>,
    /// The operator's subscriptions: whom a hint or a typed number means.
    pub subscribers: Arc<dyn Subscribers>,
    /// Looks numbers up by keyed hash, and seals what a journey keeps of a person.
    pub vault: Arc<dyn Vault>,
    /// Chooses the authenticator of a login, and asks the phone through it.
    pub router: Arc<dyn AuthenticatorRouter>,
    /// Makes the code that a login ends with.
    pub code_issuer: Arc<dyn CodeIssuer>,
    /// Login sessions of browsers: which may answer instead of the phone, and logout.
    pub sessions: Arc<dyn LoginSessions>,
    /// What users have agreed to share before, and need not be asked again.
    pub consents: Arc<dyn Consents>,
    /// Whose pseudonym a `PCR` hint names.
    pub pcrs: Arc<dyn Pcrs>,
    /// The public keys of metadata and `/jwks`, and which tokens are our own (`id_token_hint`).
    pub signer: Arc<dyn Signer>,
    /// The counts of ends that a new code is born with (decision 0001).
    pub revocations: Arc<dyn Revocations>,
    /// Claims asked for one by one, kept until the code is redeemed (decision 0017).
    pub requested_claims: Arc<dyn RequestedClaims>,
    /// Authenticates clients at `/par`.
    pub client_authenticator: Arc<dyn ClientAuthenticator>,
    /// The keys that signed request objects are verified with.
    pub client_keys: Arc<dyn ClientKeys>,
    /// Decrypts numbers that were encrypted to this operator (`ENCR_MSISDN`).
    pub operator_keys: Arc<dyn OperatorKeys>,
    /// Which request objects have been used (T-061).
    pub replay: Arc<dyn Replay>,
    /// Where logins that end without proof, and logouts, are recorded.
    pub audit: Arc<dyn AuditLog>,
    /// Number ranges: whose numbers are served, see [`Settings::serves_ported_in_numbers`].
    pub numbering: Arc<NumberingPlan>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Handles and ids that nobody can guess.
    pub entropy: Arc<dyn Entropy>,
    /// Brand, words and files; build the words with [`crate::add_messages`] and the files with
    /// [`crate::add_assets`].
    pub pages: Arc<Pages>,
    /// What the operator decides.
    pub settings: Settings,
}

/// What the operator decides about the AuthServer.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `issuer`, byte for byte what ID Tokens carry as `iss`. Every address that leaves is built from
    /// it, never from a `Host` header (T-006). Its path, if it has one, is where
    /// [`crate::AuthServer::routes`] must be nested.
    pub issuer: Issuer,
    /// How cookies are set.
    pub cookies: CookiePolicy,
    /// The country whose numbers people may type in national form.
    pub home_region: Option<Region>,
    /// What authorization requests may say.
    pub rules: Rules,
    /// Subscribers whose number is outside the operator's own ranges are served too: numbers that
    /// were ported in. Otherwise such a number goes the way of an unknown one, and gets no message
    /// (T-123).
    pub serves_ported_in_numbers: bool,
    /// The authenticators behind [`Dependencies::router`], for the metadata.
    pub authenticators: Vec<WiredAuthenticator>,
    /// Addresses of foreign authenticators that a browser may be led to. The pages' policy lets forms
    /// end there, as far as a browser holds redirects against it (T-040).
    pub foreign_authenticators: Vec<String>,
    /// Streams of events open at once on this node (T-260); more are refused with 503, and those
    /// browsers look again after a while. Each holds a connection of the listener, whose bound
    /// should leave room for requests. [`DEFAULT_EVENT_STREAMS`] unless there is a reason.
    pub max_event_streams: usize,
}

/// The usual [`Settings::max_event_streams`]: half the connections that a listener accepts.
pub const DEFAULT_EVENT_STREAMS: usize = 8192;

/// What the metadata says of an authenticator.
#[derive(Clone, Debug)]
pub struct WiredAuthenticator {
    /// The most it can prove (T-101).
    pub ceiling: Loa,
    /// Mobile Connect names of the methods that it reports (mobile-connect §2.10,
    /// `mc_amr_values_supported`).
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
        self.mc_amr_values().any(|amr| *amr == SEAMLESS)
    }

    /// The methods of all authenticators; one of two authenticators comes twice.
    pub(crate) fn mc_amr_values(&self) -> impl Iterator<Item = &Amr> {
        self.authenticators.iter().flat_map(|authenticator| &authenticator.mc_amr_values)
    }
}
