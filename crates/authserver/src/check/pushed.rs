//! A client may be registered to push its requests (RFC 9126 §6): what the browser brings then counts
//! for nothing.

use super::{Addressed, Failure};

pub(super) fn if_demanded(request: &Addressed) -> Result<(), Failure> {
    let is_demanded = request.client.require_pushed_authorization_requests;
    if request.is_pushed || !is_demanded { Ok(()) } else { Err(Failure::NotPushed) }
}
