//! `response_type` is `code`: there is no other flow (mobile-connect §2.2 row 3; T-037).

use fiador_wire_oauth::version::MobileConnectVersion as Version;

use super::{Addressed, Failure};

/// Mobile Connect has one text for missing and for wrong since DI 2.3, and the plain words of OAuth
/// before (§2.6).
pub(super) fn is_code(request: &Addressed) -> Result<(), Failure> {
    if request.knows_since(Version::Di2_3) && request.value("response_type") != Some("code") {
        return Err(Failure::ResponseTypeInvalid);
    }
    is_supported(request)
}

/// OAuth tells a missing value from one that is not offered (RFC 6749 §4.1.2.1).
pub(super) fn is_supported(request: &Addressed) -> Result<(), Failure> {
    match request.value("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(Failure::ResponseTypeUnsupported),
        None => Err(Failure::ResponseTypeInvalid),
    }
}
