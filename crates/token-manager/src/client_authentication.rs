//! Who sends the request (RFC 6749 §2.3, OpenID Connect Core §9).

use std::sync::Arc;

use fiador_domain::client::Client;
use fiador_kernel::{ClientId, Digest, Timestamp};
use fiador_ports::Clients;
use fiador_wire_oauth::authorization_header::{AuthorizationHeader, ClientCredentials};
use http::HeaderValue;

use crate::{oauth_request::OAuthRequest, refusal::Refusal};

/// The client, by its secret: `client_secret_basic` or `client_secret_post`. Every failure has one
/// answer and about one cost, so that ids cannot be guessed (T-060).
pub(crate) fn authenticate(
    clients: &dyn Clients,
    request: &OAuthRequest,
    now: Timestamp,
) -> Result<Arc<Client>, Refusal> {
    let client = match &request.authorization {
        Some(header) => by_header(clients, header, request, now),
        None => by_form(clients, request, now),
    };
    client.filter(|client| client.enabled).ok_or(Refusal::ClientAuthentication)
}

/// The client, by its secret or, when it is registered without any, by its bare id: a public client
/// proves itself with the verifier of its code (RFC 7636) or with the token it holds.
pub(crate) fn identify(
    clients: &dyn Clients,
    request: &OAuthRequest,
    now: Timestamp,
) -> Result<Arc<Client>, Refusal> {
    match public(clients, request) {
        Some(client) => Ok(client),
        None => authenticate(clients, request, now),
    }
}

/// The header has one or two readings (percent-encoded or raw); the one that proves a secret and
/// agrees with the form counts. Credentials in the form as well are tolerated when they are the
/// same: the GSMA Java SDK sends both (mobile-connect §2.7).
fn by_header(
    clients: &dyn Clients,
    header: &HeaderValue,
    request: &OAuthRequest,
    now: Timestamp,
) -> Option<Arc<Client>> {
    let Ok(AuthorizationHeader::Basic(basic)) = AuthorizationHeader::parse(header.as_bytes())
    else {
        return None;
    };
    let agrees = |reading: &&ClientCredentials| {
        let same = |name, value: &str| request.form.get_non_empty(name).is_none_or(|v| v == value);
        same("client_id", &reading.client_id) && same("client_secret", &reading.client_secret)
    };
    let mut readings = basic.candidates().iter().filter(agrees);
    readings.find_map(|reading| prove(clients, &reading.client_id, &reading.client_secret, now))
}

fn by_form(clients: &dyn Clients, request: &OAuthRequest, now: Timestamp) -> Option<Arc<Client>> {
    let id = request.form.get_non_empty("client_id")?;
    let secret = request.form.get_non_empty("client_secret")?;
    prove(clients, id, secret, now)
}

/// Compares the secret in constant time; an unknown id costs the same digest and comparison.
fn prove(clients: &dyn Clients, id: &str, secret: &str, now: Timestamp) -> Option<Arc<Client>> {
    let Some(client) = find(clients, id) else {
        let nobody = Digest::from_bytes([0; 32]);
        let _ = std::hint::black_box(Digest::of(secret) == nobody);
        return None;
    };
    client.accepts_secret(secret, now).then_some(client)
}

/// A public client names itself in the form, or in the header with an empty secret.
fn public(clients: &dyn Clients, request: &OAuthRequest) -> Option<Arc<Client>> {
    if request.form.get_non_empty("client_secret").is_some() {
        return None;
    }
    let named = request.form.get_non_empty("client_id");
    let client = match &request.authorization {
        None => find(clients, named?)?,
        Some(header) => match AuthorizationHeader::parse(header.as_bytes()) {
            Ok(AuthorizationHeader::Basic(basic)) => basic
                .candidates()
                .iter()
                .filter(|reading| reading.client_secret.is_empty())
                .filter(|reading| named.is_none_or(|id| id == reading.client_id))
                .find_map(|reading| find(clients, &reading.client_id))?,
            _ => return None,
        },
    };
    (client.is_public() && client.enabled).then_some(client)
}

fn find(clients: &dyn Clients, id: &str) -> Option<Arc<Client>> {
    clients.find(&ClientId::new(id).ok()?)
}
