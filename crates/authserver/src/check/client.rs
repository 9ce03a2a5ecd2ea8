//! The client may ask at all (mobile-connect §2.2 row 4; T-085): it is enabled, and registered for
//! the grant that codes belong to (RFC 6749 §4.1.2.1).

use fiador_domain::client::{Client, GrantType};

use super::{Addressed, Failure};

pub(super) fn may_use_mobile_connect(request: &Addressed) -> Result<(), Failure> {
    if gets_codes(&request.client) { Ok(()) } else { Err(Failure::MobileConnectNotAllowed) }
}

pub(super) fn may_request_codes(request: &Addressed) -> Result<(), Failure> {
    if gets_codes(&request.client) { Ok(()) } else { Err(Failure::CodesNotAllowed) }
}

fn gets_codes(client: &Client) -> bool {
    client.enabled && client.grant_types.contains(GrantType::AuthorizationCode)
}
