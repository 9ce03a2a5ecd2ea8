//! `response_type` is `code`: there is no other flow (mobile-connect §2.2 row 3; T-037).

use super::{Addressed, Failure};

/// Mobile Connect has one text for missing and for wrong (§2.6).
pub(super) fn is_code(request: &Addressed) -> Result<(), Failure> {
    match request.value("response_type") {
        Some("code") => Ok(()),
        _ => Err(Failure::ResponseTypeInvalid),
    }
}

/// OAuth tells a missing value from one that is not offered (RFC 6749 §4.1.2.1).
pub(super) fn is_supported(request: &Addressed) -> Result<(), Failure> {
    match request.value("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(Failure::ResponseTypeUnsupported),
        None => Err(Failure::ResponseTypeInvalid),
    }
}
