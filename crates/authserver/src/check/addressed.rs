//! Second phase: it is known whom to answer.

use std::sync::Arc;

use fiador_domain::client::Client;
use fiador_kernel::ClientId;
use fiador_ports::Clients;
use fiador_wire_oauth::{
    error::ErrorCode, parameters::Parameters, redirect_uri::RegisteredRedirectUri,
    version::MobileConnectVersion as Version,
};

use super::{Failure, Known, Parsed};
use crate::{Rules, Settings, reply::Reply};

/// A request whose client is known and whose redirect URI is one of the client's: from here on
/// every answer goes there.
pub(crate) struct Addressed {
    pub(crate) client: Arc<Client>,
    pub(crate) reply: Reply,
    pub(super) damage: Option<Failure>,
    pub(super) is_pushed: bool,
    pub(super) rules: Rules,
    pub(super) has_network_proof: bool,
    known: Known,
    parameters: Parameters,
}

/// Nobody can be answered: shown to the user, never redirected (T-031, mobile-connect §2.2 row 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unaddressed {
    /// `redirect_uri` missing, repeated or not registered.
    RedirectUri,
    /// `client_id` missing.
    ClientMissing,
    /// `client_id` repeated or unknown.
    ClientUnknown,
    /// `request_uri` refers to no pushed request of the client, or to one that was used or is too
    /// old (RFC 9126 §4): where the answer would go is not known any more.
    PushedRequest,
}

impl Unaddressed {
    /// The code for programs.
    pub(crate) const fn code(self) -> ErrorCode {
        match self {
            Self::RedirectUri | Self::ClientMissing | Self::ClientUnknown => {
                ErrorCode::InvalidRequest
            }
            Self::PushedRequest => ErrorCode::InvalidRequestUri,
        }
    }

    /// Constant text: nothing of the request is repeated (T-011).
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::RedirectUri => "redirect_uri is invalid",
            Self::ClientMissing => "MANDATORY parameter client_id is missing",
            Self::ClientUnknown => "MANDATORY parameter client_id is missing or invalid",
            Self::PushedRequest => "request_uri is unknown, used or expired",
        }
    }
}

/// Who asks, and would get the answer if the redirect URI is good.
pub(crate) struct Recipient(Arc<Client>);

impl Recipient {
    /// Finds the client. Its redirect URI must be there by now, or be in a request object.
    pub(crate) fn find(parsed: &Parsed, clients: &dyn Clients) -> Result<Self, Unaddressed> {
        let parameters = parsed.parameters();
        let may_follow = parameters.get_non_empty("request").is_some();
        if once(parameters, "redirect_uri").is_none() && !may_follow {
            return Err(Unaddressed::RedirectUri);
        }
        client(parameters, clients).map(Self)
    }

    /// Who asks.
    pub(crate) const fn client(&self) -> &Arc<Client> {
        &self.0
    }

    /// The request object that is to be opened: one that the request's version knows, in a request
    /// that could be read. A request of Mobile Connect may name its version inside alone.
    pub(crate) fn request_object<'p>(&self, parsed: &'p Parsed) -> Option<&'p str> {
        let parameters = parsed.parameters();
        let knows = parameters.get("version").is_none()
            || Known::of(parameters, self.0.profile).has("request");
        let object = once(parameters, "request").filter(|_| knows && parsed.damage.is_none());
        object.filter(|_| parameters.get("request_uri").is_none())
    }
}

impl Addressed {
    /// Finds the redirect URI among those of the client, byte for byte (T-030).
    pub(crate) fn find(
        parsed: Parsed,
        Recipient(client): Recipient,
        settings: &Settings,
    ) -> Result<Self, Unaddressed> {
        let Parsed { parameters, damage, is_pushed } = parsed;
        let redirect_uri = once(&parameters, "redirect_uri").ok_or(Unaddressed::RedirectUri)?;
        if !is_registered(&client, redirect_uri) {
            return Err(Unaddressed::RedirectUri);
        }
        let known = Known::of(&parameters, client.profile);
        let reply = Reply::read(redirect_uri.to_owned(), &parameters, known);
        let rules = settings.rules;
        let has_network_proof = settings.has_network_proof();
        Ok(Self { client, reply, damage, is_pushed, rules, has_network_proof, known, parameters })
    }

    /// All parameters, those of a request object included.
    pub(crate) const fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Whether this is a request of Mobile Connect in that version or a later one.
    pub(super) fn knows_since(&self, version: Version) -> bool {
        self.known.is_since(version)
    }

    /// A parameter as sent, empty values included; one that the request's version does not know is
    /// not there.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).filter(|_| self.known.has(name))
    }

    /// A parameter; sent empty, it counts as omitted (RFC 6749 §3.1).
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.sent(name).filter(|value| !value.is_empty())
    }

    /// Whether any parameter was sent more than once.
    pub(super) fn repeats_a_parameter(&self) -> bool {
        self.parameters.repeated().next().is_some()
    }
}

fn once<'p>(parameters: &'p Parameters, name: &str) -> Option<&'p str> {
    let mut values = parameters.iter().filter(|(key, _)| *key == name).map(|(_, value)| value);
    values.next().filter(|value| !value.is_empty() && values.next().is_none())
}

fn client(parameters: &Parameters, clients: &dyn Clients) -> Result<Arc<Client>, Unaddressed> {
    parameters.get_non_empty("client_id").ok_or(Unaddressed::ClientMissing)?;
    let id = once(parameters, "client_id").and_then(|id| ClientId::new(id).ok());
    id.and_then(|id| clients.find(&id)).ok_or(Unaddressed::ClientUnknown)
}

/// Plain http was refused at registration unless a development setting allowed it, so it is not
/// asked again here.
fn is_registered(client: &Client, presented: &str) -> bool {
    client.redirect_uris.iter().any(|registered| {
        registered == presented
            || RegisteredRedirectUri::parse_allowing_insecure(registered)
                .is_ok_and(|registered| registered.matches(presented))
    })
}
