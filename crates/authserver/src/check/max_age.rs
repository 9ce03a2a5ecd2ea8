//! `max_age` in whole seconds.

use std::time::Duration;

use fiador_wire_oauth::max_age::MaxAge;

use super::{Addressed, Failure};

/// Mobile Connect: the Java SDK writes `max-age` (mobile-connect §2.1).
pub(super) fn under_either_name(request: &Addressed) -> Result<Option<Duration>, Failure> {
    in_seconds(request.value("max_age").or_else(|| request.value("max-age")))
}

/// OpenID Connect: `max-age` is an unknown parameter.
pub(super) fn under_its_name(request: &Addressed) -> Result<Option<Duration>, Failure> {
    in_seconds(request.value("max_age"))
}

fn in_seconds(text: Option<&str>) -> Result<Option<Duration>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let age = MaxAge::parse(text).ok_or(Failure::MaxAgeInvalid)?;
    Ok(Some(Duration::from_secs(age.as_seconds().into())))
}
