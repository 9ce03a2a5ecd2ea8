//! Second phase: it is known whom to answer.

use std::sync::Arc;

use fiador_domain::client::Client;
use fiador_kernel::ClientId;
use fiador_ports::Clients;
use fiador_wire_oauth::{parameters::Parameters, redirect_uri::RegisteredRedirectUri};

use super::{Failure, Known, Parsed};
use crate::{Settings, reply::Reply};

/// A request whose client is known and whose redirect URI is one of the client's: from here on
/// every answer goes there.
pub(crate) struct Addressed {
    pub(crate) client: Arc<Client>,
    pub(crate) reply: Reply,
    pub(super) damage: Option<Failure>,
    pub(super) asks_for_number: bool,
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
}

impl Unaddressed {
    /// Constant text: nothing of the request is repeated (T-011).
    pub(crate) const fn description(self) -> &'static str {
        match self {
            Self::RedirectUri => "redirect_uri is invalid",
            Self::ClientMissing => "MANDATORY parameter client_id is missing",
            Self::ClientUnknown => "MANDATORY parameter client_id is missing or invalid",
        }
    }
}

impl Addressed {
    /// Finds client and redirect URI; the redirect URI is compared byte for byte (T-030).
    pub(crate) fn find(
        parsed: Parsed,
        clients: &dyn Clients,
        settings: &Settings,
    ) -> Result<Self, Unaddressed> {
        let Parsed { parameters, damage } = parsed;
        let redirect_uri = once(&parameters, "redirect_uri").ok_or(Unaddressed::RedirectUri)?;
        let client = client(&parameters, clients)?;
        if !is_registered(&client, redirect_uri) {
            return Err(Unaddressed::RedirectUri);
        }
        let known = Known::of(&parameters, client.profile);
        let reply = Reply::read(redirect_uri.to_owned(), &parameters, known);
        let asks_for_number = settings.asks_for_number;
        Ok(Self { client, reply, damage, asks_for_number, known, parameters })
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
