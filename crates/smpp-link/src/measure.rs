//! The names of our metrics, and nothing else that is counted.
//!
//! Labels are bounded: names of configured centres and fixed words (T-281).

use std::time::Duration;

use crate::receipt::State;

/// A `submit_sm` came to an end: `accepted`, `throttled`, `refused`, `unknown` or `not_sent`.
pub(crate) fn submit(message_centre: &str, outcome: &'static str) {
    metrics::counter!(
        "fiador_smpp_submits_total",
        "message_centre" => message_centre.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

/// A delivery receipt came; `delay` since its submit, if that is known.
pub(crate) fn receipt(message_centre: &str, state: State, delay: Option<Duration>) {
    metrics::counter!(
        "fiador_smpp_receipts_total",
        "message_centre" => message_centre.to_owned(), "state" => state.label()
    )
    .increment(1);
    if let Some(delay) = delay {
        metrics::histogram!(
            "fiador_smpp_delivery_seconds", "message_centre" => message_centre.to_owned()
        )
        .record(delay.as_secs_f64());
    }
}

/// A report of what became of a message found no room.
pub(crate) fn report_dropped() {
    metrics::counter!("fiador_smpp_reports_dropped_total").increment(1);
}

/// A connection attempt came to an end: `bound`, `refused` or `failed`.
pub(crate) fn bind(message_centre: &str, outcome: &'static str) {
    metrics::counter!(
        "fiador_smpp_binds_total",
        "message_centre" => message_centre.to_owned(), "outcome" => outcome
    )
    .increment(1);
}

/// Whether a session is bound.
pub(crate) fn bound(message_centre: &str, bound: bool) {
    metrics::gauge!("fiador_smpp_bound", "message_centre" => message_centre.to_owned())
        .set(f64::from(u8::from(bound)));
}

/// Messages per second that the centre is fed with at most, at the moment.
pub(crate) fn rate(message_centre: &str, rate: f64) {
    metrics::gauge!("fiador_smpp_rate", "message_centre" => message_centre.to_owned()).set(rate);
}

/// The centre sent something that makes no sense.
pub(crate) fn malformed(message_centre: &str) {
    metrics::counter!(
        "fiador_smpp_malformed_total", "message_centre" => message_centre.to_owned()
    )
    .increment(1);
}

/// Messages inside the link, handed over by callers and not yet decided.
pub(crate) fn waiting(messages: usize) {
    metrics::gauge!("fiador_smpp_waiting").set(u32::try_from(messages).map_or(f64::MAX, f64::from));
}
