//! `max_age` in whole seconds. The Java SDK writes `max-age` (mobile-connect §2.1).

use std::time::Duration;

use fiador_wire_oauth::max_age::MaxAge;

use super::{Addressed, Failure};

pub(super) fn in_seconds(request: &Addressed) -> Result<Option<Duration>, Failure> {
    let Some(text) = request.value("max_age").or_else(|| request.value("max-age")) else {
        return Ok(None);
    };
    let age = MaxAge::parse(text).ok_or(Failure::MaxAgeInvalid)?;
    Ok(Some(Duration::from_secs(age.as_seconds().into())))
}
