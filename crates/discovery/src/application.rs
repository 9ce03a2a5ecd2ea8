//! Which application asks.

use std::sync::Arc;

use fiador_domain::client::DiscoveryApplication;
use fiador_kernel::{ClientId, Timestamp};
use fiador_ports::Clients;
use fiador_wire_oauth::authorization_header::{AuthorizationHeader, BasicCredentials};
use http::{HeaderMap, header::AUTHORIZATION};

use crate::{Dialect, refusal::Refusal};

/// An application that asks.
pub(crate) struct Caller {
    pub(crate) application: Arc<DiscoveryApplication>,
    /// Whether it has shown its secret. One that has not is given none.
    pub(crate) is_proven: bool,
}

/// Reads the discovery credentials from `Authorization: Basic` and checks them (T-173). Both
/// readings of a `Basic` header are tried (mobile-connect, "Decided"). In v1 an application that is
/// registered for it may leave its secret empty.
pub(crate) fn authenticate(
    clients: &dyn Clients,
    dialect: Dialect,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let basic = basic(headers).ok_or(Refusal::Authorization)?;
    let mut refusal = Refusal::UnknownApplication;
    for credentials in basic.candidates() {
        let Ok(id) = ClientId::new(&credentials.client_id) else { continue };
        let Some(application) = clients.find_discovery(&id) else { continue };
        if application.accepts_secret(&credentials.client_secret, now) {
            return Ok(Caller { application, is_proven: true });
        }
        let may_omit = dialect == Dialect::V1 && application.may_omit_secret;
        if may_omit && credentials.client_secret.is_empty() {
            return Ok(Caller { application, is_proven: false });
        }
        refusal = Refusal::WrongSecret;
    }
    Err(refusal)
}

/// The applications that the credentials may be meant for, whether or not they are right.
pub(crate) fn named(clients: &dyn Clients, headers: &HeaderMap) -> Vec<Arc<DiscoveryApplication>> {
    let Some(basic) = basic(headers) else { return Vec::new() };
    let ids = basic.candidates().iter();
    ids.filter_map(|credentials| {
        clients.find_discovery(&ClientId::new(&credentials.client_id).ok()?)
    })
    .collect()
}

/// The one `Authorization: Basic`.
fn basic(headers: &HeaderMap) -> Option<BasicCredentials> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    match AuthorizationHeader::parse(value.as_bytes()) {
        Ok(AuthorizationHeader::Basic(basic)) => Some(basic),
        _ => None,
    }
}
