//! `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1).

use std::sync::Arc;

use fiador_domain::client::{Client, TokenEndpointAuthMethod};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{Clients, PresentedCredentials};
use fiador_wire_oauth::authorization_header::{AuthorizationHeader, ClientCredentials};

use super::find;

/// The client, by its secret in the header or in the form.
pub(super) fn prove(
    clients: &dyn Clients,
    presented: PresentedCredentials<'_>,
    now: Timestamp,
) -> Option<Arc<Client>> {
    match presented.authorization {
        Some(header) => by_header(clients, header, presented, now),
        None => compare(clients, presented.client_id?, presented.client_secret?, now),
    }
}

/// The header has one or two readings (percent-encoded or raw); the one that proves a secret and
/// agrees with the form counts. Credentials in the form as well are tolerated when they are the
/// same: the GSMA Java SDK sends both (mobile-connect §2.7).
fn by_header(
    clients: &dyn Clients,
    header: &[u8],
    presented: PresentedCredentials<'_>,
    now: Timestamp,
) -> Option<Arc<Client>> {
    let Ok(AuthorizationHeader::Basic(basic)) = AuthorizationHeader::parse(header) else {
        return None;
    };
    let agrees = |reading: &&ClientCredentials| {
        presented.client_id.is_none_or(|id| id == reading.client_id)
            && presented.client_secret.is_none_or(|secret| secret == reading.client_secret)
    };
    let mut readings = basic.candidates().iter().filter(agrees);
    readings.find_map(|reading| compare(clients, &reading.client_id, &reading.client_secret, now))
}

/// Compares the secret in constant time; an unknown id costs the same digest and comparison. An
/// empty secret is how a public client names itself in a header.
fn compare(clients: &dyn Clients, id: &str, secret: &str, now: Timestamp) -> Option<Arc<Client>> {
    let client = find(clients, id);
    if secret.is_empty() {
        return client.filter(|client| client.is_public());
    }
    let Some(client) = client else {
        let nobody = Digest::from_bytes([0; 32]);
        let _ = std::hint::black_box(Digest::of(secret) == nobody);
        return None;
    };
    let by_secret = client.token_endpoint_auth_method == TokenEndpointAuthMethod::ClientSecret;
    (client.accepts_secret(secret, now) && by_secret).then_some(client)
}
