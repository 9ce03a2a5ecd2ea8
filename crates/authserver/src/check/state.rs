//! `state` can be echoed (mobile-connect §2.2 row 7; RFC 6749 appendix A.5: visible characters).

use super::{Addressed, Failure};
use crate::reply::MAX_STATE;

/// Mobile Connect: required (§2.1).
pub(super) fn is_demanded(request: &Addressed) -> Result<(), Failure> {
    if request.value("state").is_some() {
        is_voluntary(request)
    } else {
        Err(Failure::StateInvalid)
    }
}

/// OpenID Connect: recommended.
pub(super) fn is_voluntary(request: &Addressed) -> Result<(), Failure> {
    let visible = |state: &str| state.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    match request.value("state") {
        Some(state) if state.len() > MAX_STATE || !visible(state) => Err(Failure::StateInvalid),
        _ => Ok(()),
    }
}
