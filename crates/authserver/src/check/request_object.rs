//! Request objects and self-made registrations are not offered, and must not be overlooked: what
//! they say would be lost (OpenID Connect Core §6, §7.2.1).

use super::{Addressed, Failure};

pub(super) fn is_refused(request: &Addressed) -> Result<(), Failure> {
    for (parameter, failure) in [
        ("request", Failure::RequestNotSupported),
        ("request_uri", Failure::RequestUriNotSupported),
        ("registration", Failure::RegistrationNotSupported),
    ] {
        if request.value(parameter).is_some() {
            return Err(failure);
        }
    }
    Ok(())
}
