//! No parameter occurs twice, known or not (RFC 6749 §3.1; mobile-connect §2.2 row 2; T-007).

use super::{Addressed, Failure};

pub(super) fn is_refused(request: &Addressed) -> Result<(), Failure> {
    if request.repeats_a_parameter() { Err(Failure::RepeatedParameter) } else { Ok(()) }
}
