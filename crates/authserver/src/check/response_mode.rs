//! `response_mode` is `query` or `form_post` (mobile-connect §2.1; T-037). Its value is already in
//! the reply.

use fiador_wire_oauth::response_mode::ResponseMode;

use super::{Addressed, Failure};

pub(super) fn is_defined(request: &Addressed) -> Result<(), Failure> {
    match request.value("response_mode").map(ResponseMode::parse) {
        Some(None) => Err(Failure::ResponseModeInvalid),
        Some(Some(_)) | None => Ok(()),
    }
}
