//! `display` has a defined value (mobile-connect §2.1). Our pages fit every screen, so the value
//! changes nothing.

use fiador_wire_oauth::display::DisplayMode;

use super::{Addressed, Failure};

pub(super) fn is_defined(request: &Addressed) -> Result<(), Failure> {
    match request.sent("display").map(DisplayMode::parse) {
        Some(None) => Err(Failure::DisplayInvalid),
        Some(Some(_)) | None => Ok(()),
    }
}

/// OpenID Connect Core §3.1.2.1: a wish about presentation, never an error.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn is_ignored(_: &Addressed) -> Result<(), Failure> {
    Ok(())
}
