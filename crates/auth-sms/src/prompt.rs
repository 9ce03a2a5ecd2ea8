//! The part of the waiting page: asks for the code, shows the number to match, or both.

use askama::Template;
use fiador_domain::journey::Delivery;
use fiador_http_kit::Translator;
use fiador_kernel::Timestamp;
use fiador_ports::{Challenge, PromptFragment};

use crate::{SmsAuthenticator, start::is_worth_sending, state::State};

/// The form field that carries the code.
pub(crate) const CODE_FIELD: &str = "code";
/// The WebOTP script among the assets.
pub(crate) const SCRIPT: &str = "sms-otp.js";

#[derive(Template)]
#[template(path = "prompt.html")]
struct Page<'a> {
    sent: String,
    masked_number: &'a str,
    hint: String,
    error: Option<String>,
    delivery: Option<String>,
    code: Option<CodeField<'a>>,
    number: Option<NumberToMatch>,
    or: String,
}

/// What asks for the code.
struct CodeField<'a> {
    name: &'static str,
    label: String,
    script: &'a str,
}

/// What the phone must choose.
struct NumberToMatch {
    label: String,
    number: u8,
}

impl SmsAuthenticator {
    /// The same page for known and unknown numbers: it says nothing that depends on the subscriber
    /// (T-048). `state` is `None` when the journey's state cannot be read; then a new message helps.
    pub(crate) fn fragment(
        &self,
        challenge: Challenge<'_>,
        state: Option<&State>,
        delivery: Delivery,
        wrong: bool,
    ) -> PromptFragment {
        let ports = &self.sms.ports;
        let words = ports.pages.translator(challenge.ask.language);
        let now = ports.clock.now();
        let live = state.filter(|state| now < state.expires_at);
        let page = Page {
            sent: self.say(&words, "sent", "digits", u32::from(self.sms.settings.code_length)),
            masked_number: &challenge.subject.masked,
            hint: self.say(&words, "hint", "minutes", self.minutes_left(live, now)),
            error: self.error(&words, live, wrong),
            delivery: self.fate(&words, delivery),
            code: self.kind.has_code().then(|| CodeField {
                name: CODE_FIELD,
                label: words.text("sms-otp-label"),
                script: ports.pages.assets().path(SCRIPT),
            }),
            number: live.and_then(State::number).map(|number| NumberToMatch {
                label: words.text(&format!("{}-number", self.kind.words())),
                number: number.shown(),
            }),
            or: words.text("page-or"),
        };
        let html = page.render().unwrap_or_else(|error| {
            tracing::error!(%error, "the page for a text message could not be rendered");
            String::new()
        });
        PromptFragment {
            heading: words.text(&format!("{}-heading", self.kind.words())),
            html,
            answered_here: self.kind.has_code(),
            leads_to: None,
            again_after: self.again_after(&challenge, state, now),
        }
    }

    fn say(&self, words: &Translator<'_>, key: &str, name: &str, value: impl Into<u64>) -> String {
        words.with(&format!("{}-{key}", self.kind.words()), name, value.into())
    }

    /// Rounded; what a new message would have when there is none.
    fn minutes_left(&self, live: Option<&State>, now: Timestamp) -> u64 {
        let left =
            live.map_or(self.sms.settings.code_lifetime, |state| state.expires_at.since(now));
        (left.as_secs() + 30) / 60
    }

    fn error(&self, words: &Translator<'_>, live: Option<&State>, wrong: bool) -> Option<String> {
        match live {
            None => Some(words.text(&format!("{}-expired", self.kind.words()))),
            Some(state) if wrong && self.kind.has_code() => {
                let attempts = u32::from(state.attempts_left);
                Some(words.with("sms-otp-wrong", "attempts", attempts))
            }
            Some(_) => None,
        }
    }

    /// What became of the message, where the operator lets people know.
    fn fate(&self, words: &Translator<'_>, delivery: Delivery) -> Option<String> {
        let key = match delivery {
            Delivery::Unknown => return None,
            Delivery::Accepted => "sms-accepted",
            Delivery::Delivered => "sms-delivered",
            Delivery::Failed => "sms-undelivered",
        };
        self.sms.settings.show_delivery.then(|| words.text(key))
    }

    fn again_after(
        &self,
        challenge: &Challenge<'_>,
        state: Option<&State>,
        now: Timestamp,
    ) -> Option<u64> {
        let again_at = state.map_or(now, |state| state.again_at.max(now));
        let may = state.is_none_or(|state| state.sends < self.sms.settings.sends_per_journey)
            && is_worth_sending(challenge, again_at);
        may.then(|| seconds_up(again_at.since(now)))
    }
}

/// Whole seconds, rounded up, so that "send again" never comes too early.
fn seconds_up(wait: std::time::Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
