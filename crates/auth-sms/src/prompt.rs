//! The part of the page that asks for the code.

use askama::Template;
use fiador_ports::{Challenge, PromptFragment};

use crate::{SmsOtp, start::is_worth_sending, state::State};

/// The form field that carries the code.
pub(crate) const CODE_FIELD: &str = "code";
/// The WebOTP script among the assets.
pub(crate) const SCRIPT: &str = "sms-otp.js";

#[derive(Template)]
#[template(path = "prompt.html")]
struct Prompt<'a> {
    field: &'static str,
    sent: String,
    masked_number: &'a str,
    label: String,
    hint: String,
    error: Option<String>,
    script: &'a str,
}

impl SmsOtp {
    /// The same page for known and unknown numbers: it says nothing that depends on the subscriber
    /// (T-048). `state` is `None` when the journey's state cannot be read; then a new code helps.
    pub(crate) fn ask_for_code(
        &self,
        challenge: Challenge<'_>,
        state: Option<&State>,
        wrong: bool,
    ) -> PromptFragment {
        let words = self.ports.pages.translator(challenge.ask.language);
        let now = self.ports.clock.now();
        let expired = state.is_none_or(|state| now >= state.expires_at);
        let error = if expired {
            Some(words.text("sms-otp-expired"))
        } else if wrong {
            let attempts = state.map_or(0, |state| state.attempts_left);
            Some(words.with("sms-otp-wrong", "attempts", u32::from(attempts)))
        } else {
            None
        };
        let life = match state {
            Some(state) if !expired => state.expires_at.since(now),
            _ => self.settings.code_lifetime,
        };
        let minutes = (life.as_secs() + 30) / 60;
        let prompt = Prompt {
            field: CODE_FIELD,
            sent: words.with("sms-otp-sent", "digits", u32::from(self.settings.code_length)),
            masked_number: &challenge.subject.masked,
            label: words.text("sms-otp-label"),
            hint: words.with("sms-otp-hint", "minutes", minutes),
            error,
            script: self.ports.pages.assets().path(SCRIPT),
        };
        let html = prompt.render().unwrap_or_else(|error| {
            tracing::error!(%error, "the page for a one-time code could not be rendered");
            String::new()
        });
        let again_at = state.map_or(now, |state| state.again_at.max(now));
        let again_after = (state.is_none_or(|s| s.sends < self.settings.sends_per_journey)
            && is_worth_sending(&challenge, again_at))
        .then(|| seconds_up(again_at.since(now)));
        PromptFragment {
            heading: words.text("sms-otp-heading"),
            html,
            answered_here: true,
            leads_to: None,
            again_after,
        }
    }
}

/// Whole seconds, rounded up, so that "send again" never comes too early.
fn seconds_up(wait: std::time::Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
