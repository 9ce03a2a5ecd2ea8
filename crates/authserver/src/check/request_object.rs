//! A request object has been opened before the checks, or is one that cannot be; what is given by
//! reference or registers itself must not be overlooked, because what it says would be lost (OpenID
//! Connect Core §6, §7.2.1).

use super::{Addressed, Failure};

/// `request_uri` is for pushed requests alone (RFC 9126), which come here opened (T-080).
pub(super) fn is_opened(request: &Addressed) -> Result<(), Failure> {
    for (parameter, failure) in [
        ("request_uri", Failure::RequestUriNotSupported),
        ("registration", Failure::RegistrationNotSupported),
    ] {
        if request.value(parameter).is_some() {
            return Err(failure);
        }
    }
    Ok(())
}
