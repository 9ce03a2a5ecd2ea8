//! The client may ask at all (mobile-connect §2.2 row 4; T-085).

use super::{Addressed, Failure};

pub(super) fn may_use_mobile_connect(request: &Addressed) -> Result<(), Failure> {
    if request.client.enabled { Ok(()) } else { Err(Failure::MobileConnectNotAllowed) }
}

pub(super) fn may_request_codes(request: &Addressed) -> Result<(), Failure> {
    if request.client.enabled { Ok(()) } else { Err(Failure::CodesNotAllowed) }
}
