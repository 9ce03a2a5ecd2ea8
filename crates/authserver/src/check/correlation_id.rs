//! `correlation_id` can be echoed (mobile-connect §1.6, §2.1). Its value is already in the reply.

use fiador_kernel::CorrelationId;

use super::{Addressed, Failure};

/// Empty is an error (§2.1).
pub(super) fn is_visible(request: &Addressed) -> Result<(), Failure> {
    match request.sent("correlation_id").map(CorrelationId::new) {
        Some(Err(_)) => Err(Failure::CorrelationIdInvalid),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// Plain OpenID Connect has no such parameter.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn is_ignored(_: &Addressed) -> Result<(), Failure> {
    Ok(())
}
