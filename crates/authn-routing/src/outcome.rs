//! What became of challenges, answers and journeys, as metrics and in the log.

use fiador_domain::journey::{Journey, Refusal};
use fiador_kernel::AuthenticatorId;
use fiador_ports::{StartError, StoreError};

use crate::answer::Judged;

/// Counts one attempt to reach a phone.
pub(crate) fn challenged<T>(authenticator: &AuthenticatorId, result: &Result<T, StartError>) {
    let outcome = match result {
        Ok(_) => "started",
        Err(StartError::BudgetExhausted(_)) => "budget_exhausted",
        Err(StartError::LockedOut(_)) => "locked_out",
        Err(StartError::Unavailable) => "unavailable",
        Err(StartError::TextTooLong) => "text_too_long",
        Err(StartError::NoJourney) => "no_journey",
        Err(StartError::Store(_)) => "store_failed",
    };
    metrics::counter!(
        "fiador_authentication_challenges_total",
        "authenticator" => authenticator.to_string(),
        "outcome" => outcome,
    )
    .increment(1);
}

/// Counts a start that the ledger of the number did not allow (T-106).
pub(crate) fn held_back() {
    metrics::counter!("fiador_routing_held_back_total").increment(1);
}

/// Counts one evaluated answer.
pub(crate) fn answered(authenticator: &AuthenticatorId, result: &Result<Judged, StoreError>) {
    let outcome = match result {
        Ok(Judged::Verified(_)) => "verified",
        Ok(Judged::Wrong) => "wrong",
        Ok(Judged::Failed) => "failed",
        Ok(Judged::Denied) => "denied",
        Ok(Judged::GaveUp) => "gave_up",
        Ok(Judged::TooLow) => "too_low",
        Err(_) => "store_failed",
    };
    metrics::counter!(
        "fiador_authentication_answers_total",
        "authenticator" => authenticator.to_string(),
        "outcome" => outcome,
    )
    .increment(1);
}

/// Logs a right answer that came when there was nothing to answer any more. It is never honoured.
pub(crate) fn late(journey: &Journey, authenticator: &AuthenticatorId) {
    metrics::counter!("fiador_routing_late_answers_total").increment(1);
    tracing::info!(
        journey = %journey.id, client_id = %journey.ask.client, %authenticator,
        stage = journey.stage.name(), "a late answer was not honoured"
    );
}

/// Counts a step that was taken after the first one.
pub(crate) fn stepped(cause: &'static str) {
    metrics::counter!("fiador_routing_steps_total", "cause" => cause).increment(1);
}

/// Counts something optional that was left out because a bound was reached.
pub(crate) fn forgone(what: &'static str) {
    metrics::counter!("fiador_routing_forgone_total", "what" => what).increment(1);
}

/// Counts and logs a journey that ended without proof.
pub(crate) fn refused(journey: &Journey, reason: Refusal) {
    metrics::counter!("fiador_journeys_refused_total", "reason" => reason.as_str()).increment(1);
    tracing::info!(
        client_id = %journey.ask.client, journey = %journey.id, reason = reason.as_str(),
        "a journey was refused"
    );
}
