//! What became of challenges and answers, as metrics.

use fiador_kernel::AuthenticatorId;
use fiador_ports::{Answered, StartError, StoreError};

/// Counts one attempt to reach a phone.
pub(crate) fn challenged<T>(authenticator: &AuthenticatorId, result: &Result<T, StartError>) {
    let outcome = match result {
        Ok(_) => "started",
        Err(StartError::BudgetExhausted(_)) => "budget_exhausted",
        Err(StartError::LockedOut(_)) => "locked_out",
        Err(StartError::Unavailable) => "unavailable",
        Err(StartError::TextTooLong) => "text_too_long",
        Err(StartError::Store(_)) => "store_failed",
    };
    metrics::counter!(
        "fiador_authentication_challenges_total",
        "authenticator" => authenticator.to_string(),
        "outcome" => outcome,
    )
    .increment(1);
}

/// Counts one evaluated answer.
pub(crate) fn answered(authenticator: &AuthenticatorId, result: &Result<Answered, StoreError>) {
    let outcome = match result {
        Ok(Answered::Verified(_)) => "verified",
        Ok(Answered::Wrong) => "wrong",
        Ok(Answered::Failed) => "failed",
        Err(_) => "store_failed",
    };
    metrics::counter!(
        "fiador_authentication_answers_total",
        "authenticator" => authenticator.to_string(),
        "outcome" => outcome,
    )
    .increment(1);
}
