//! What an operator may set, with strict defaults.

use std::time::Duration;

use fiador_domain::quota::Limit;
use fiador_kernel::{Issuer, Language};

use crate::{Kind, text::Texts};

/// Settings of the SMS authenticators. What is said of a code holds for a link too.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Digits of a code: 6 to 8 (T-120).
    pub code_length: u8,
    /// How long a code is good: more than 60 s, at most 5 min (T-120, T-130).
    pub code_lifetime: Duration,
    /// Answers that are evaluated per code: 1 to 3 (T-121).
    pub attempts: u8,
    /// "Send again" is refused for so long after a send.
    pub resend_gap: Duration,
    /// Codes that may be sent in one journey, the first included: 1 to 5.
    pub sends_per_journey: u8,
    /// Who the message is from: 1 to 11 letters, digits and spaces, or 3 to 15 digits.
    pub sender: String,
    /// Host of the pages, usually that of the issuer, without scheme and port. It ends the message
    /// as `@host #code`, so that browsers offer the code on our pages alone.
    pub origin_host: String,
    /// Where links lead: scheme and host, and a path if the pages are below one. The issuer unless
    /// there is a shorter host for links; whatever it is, it must reach [`crate::LinkPages`]. Only
    /// where it is the issuer's host can the browser that waits answer by a click (T-128).
    pub link_base: Issuer,
    /// The operator's own words for messages, in place of the shipped ones.
    pub texts: Vec<MessageText>,
    /// Segments that a message in the operator's own words may take: 1 to 3. Longer ones are
    /// refused when the gateway starts.
    pub message_parts: usize,
    /// Says on the waiting page what became of the message. Off, because it tells whoever typed a
    /// number that it is known, and that its phone is on (T-048).
    pub show_delivery: bool,
    /// What one message costs the operator, in thousandths of its currency; routing may go by it.
    pub message_cost: u32,
    /// How many messages may leave (T-122).
    pub send_budgets: SendBudgets,
    /// When wrong codes lock a subscription, over all journeys (T-103): after `count` failures
    /// within `window` no further code is sent or accepted until the window has moved on. A series
    /// of longer windows makes the delay grow. A success ends it. Counts are at most 100.
    pub lock_out: Vec<Limit>,
    /// When many wrong codes look like an attack across numbers (T-124).
    pub guess_alarm: GuessAlarm,
    /// When many unanswered messages look like pumping (T-122).
    pub conversion_alarm: ConversionAlarm,
    /// Messages under way at once; more logins than that are told to come back.
    pub parallel_deliveries: usize,
}

/// How many messages may leave, each over any stretch of its window (T-122). Everything is counted
/// on the canonical number, so no spelling of it opens a second budget (T-123).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendBudgets {
    /// To one subscription.
    pub subscription: Vec<Limit>,
    /// For one client.
    pub client: Vec<Limit>,
    /// Asked for from one network: IPv4 /24, IPv6 /56.
    pub browser_network: Vec<Limit>,
    /// To one block of numbers, the first seven digits.
    pub number_block: Vec<Limit>,
    /// In all; see [`SendBudgets::message_centre_share`].
    pub message_centre: Vec<Limit>,
}

/// The operator's own words for one kind of message in one language.
///
/// `{client}` and `{details}` must stand in it once, and `{code}` where the message has a code:
/// `{code} is your code for {client}{details}. Never share it.` In place of `{details}` comes a
/// space and the transaction's text in brackets, or nothing. The link and the origin-bound line
/// follow by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText {
    /// In which language.
    pub language: Language,
    /// Of which kind.
    pub kind: Kind,
    /// The words.
    pub text: String,
}

/// The share of answered messages that halves a send budget (T-122).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConversionAlarm {
    /// Messages below which nothing is concluded.
    pub minimum_sends: u32,
    /// A smaller share of logins than this, in percent, raises the alarm; 0 never does.
    pub verified_percent: u32,
    /// The stretch of time looked at; at least 10 minutes.
    pub window: Duration,
}

/// The ratio of wrong codes that halves a send budget (T-124).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessAlarm {
    /// Guesses below which nothing is concluded.
    pub minimum_guesses: u32,
    /// More wrong ones than this share, in percent, raise the alarm.
    pub wrong_percent: u32,
    /// The stretch of time looked at; at least 30 s.
    pub window: Duration,
}

/// A setting that the rules do not allow. The message names it and its bounds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sms.{setting}: {rule}")]
pub struct SettingsError {
    /// The setting.
    pub setting: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

impl Settings {
    /// The strict defaults for the pages of `issuer`, with messages from `sender`.
    pub fn new(issuer: &Issuer, sender: &str) -> Self {
        Self {
            code_length: 6,
            code_lifetime: Duration::from_mins(3),
            attempts: 3,
            resend_gap: Duration::from_mins(1),
            sends_per_journey: 3,
            sender: sender.to_owned(),
            origin_host: issuer.host().to_owned(),
            link_base: issuer.clone(),
            texts: Vec::new(),
            message_parts: 1,
            show_delivery: false,
            message_cost: 0,
            send_budgets: SendBudgets::default(),
            lock_out: vec![
                Limit::per_seconds(10, HOUR),
                Limit::per_seconds(15, 6 * HOUR),
                Limit::per_seconds(20, 24 * HOUR),
                Limit::per_seconds(100, 30 * 24 * HOUR),
            ],
            guess_alarm: GuessAlarm::default(),
            conversion_alarm: ConversionAlarm::default(),
            parallel_deliveries: 1024,
        }
    }

    /// Checks every bound, and the operator's own words.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let rules = [
            ((6..=8).contains(&self.code_length), "code_length", "6 to 8 digits"),
            (
                self.code_lifetime > LEAST_LIFE && self.code_lifetime <= Duration::from_mins(5),
                "code_lifetime",
                "more than 60 seconds, at most 300",
            ),
            ((1..=3).contains(&self.attempts), "attempts", "1 to 3"),
            ((1..=5).contains(&self.sends_per_journey), "sends_per_journey", "1 to 5"),
            (
                is_sender(&self.sender),
                "sender",
                "1 to 11 letters, digits and spaces, or 3 to 15 digits",
            ),
            (
                is_host(&self.origin_host),
                "origin_host",
                "a host name without scheme, port and path",
            ),
            (
                !self.lock_out.is_empty()
                    && self.lock_out.iter().all(|l| (1..=100).contains(&l.count)),
                "lock_out",
                "at least one limit, each of 1 to 100 failures",
            ),
            (
                self.guess_alarm.window >= Duration::from_secs(30),
                "guess_alarm.window",
                "at least 30 seconds",
            ),
            ((1..=3).contains(&self.message_parts), "message_parts", "1 to 3"),
            (
                self.conversion_alarm.window >= Duration::from_mins(10)
                    && self.conversion_alarm.verified_percent <= 100,
                "conversion_alarm",
                "a window of at least 10 minutes, and at most 100 percent",
            ),
            (self.parallel_deliveries > 0, "parallel_deliveries", "at least 1"),
        ];
        match rules.into_iter().find(|&(holds, ..)| !holds) {
            Some((_, setting, rule)) => Err(SettingsError { setting, rule }),
            None => Texts::load(self).map(drop),
        }
    }
}

/// A code with less life than this is not handed to a message centre any more (T-130).
pub(crate) const LEAST_LIFE: Duration = Duration::from_mins(1);

const HOUR: u64 = 3600;

impl SendBudgets {
    /// 80 % of what the message centres take per second together: the rest is for other traffic
    /// (T-122).
    pub fn message_centre_share(messages_per_second: u32) -> Vec<Limit> {
        vec![Limit::per_seconds(messages_per_second, 1).scaled(4, 5)]
    }
}

impl Default for SendBudgets {
    /// The strict ones of T-122, for message centres that take 100 messages per second.
    fn default() -> Self {
        Self {
            subscription: vec![
                Limit::per_seconds(1, 60),
                Limit::per_seconds(3, 600),
                Limit::per_seconds(10, 24 * HOUR),
            ],
            client: vec![Limit::per_seconds(20, 1), Limit::per_seconds(100_000, 24 * HOUR)],
            browser_network: vec![Limit::per_seconds(30, 600)],
            number_block: vec![Limit::per_seconds(100, 60)],
            message_centre: Self::message_centre_share(100),
        }
    }
}

impl Default for ConversionAlarm {
    fn default() -> Self {
        Self { minimum_sends: 50, verified_percent: 30, window: Duration::from_hours(1) }
    }
}

impl Default for GuessAlarm {
    fn default() -> Self {
        Self { minimum_guesses: 50, wrong_percent: 20, window: Duration::from_mins(5) }
    }
}

fn is_sender(text: &str) -> bool {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let short = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
    (digits && (3..=15).contains(&text.len())) || (short && (1..=11).contains(&text.len()))
}

fn is_host(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    (1..=253).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::new(&Issuer::new("https://id.mno.example", false).unwrap(), "Fiador")
    }

    fn refused(change: impl FnOnce(&mut Settings)) -> &'static str {
        let mut settings = settings();
        change(&mut settings);
        settings.validate().unwrap_err().setting
    }

    #[test]
    fn the_defaults_are_the_strict_ones_and_valid_t_122() {
        let settings = settings();
        assert_eq!(settings.validate(), Ok(()));
        assert_eq!(settings.send_budgets.message_centre, [Limit::per_seconds(80, 1)]);
        assert_eq!(settings.send_budgets.subscription[0], Limit::per_seconds(1, 60));
    }

    #[test]
    fn a_weaker_code_than_t_120_and_t_121_allow_cannot_be_set() {
        assert_eq!(refused(|s| s.code_length = 5), "code_length");
        assert_eq!(refused(|s| s.code_lifetime = Duration::from_secs(301)), "code_lifetime");
        assert_eq!(refused(|s| s.code_lifetime = Duration::from_mins(1)), "code_lifetime");
        assert_eq!(refused(|s| s.attempts = 4), "attempts");
        assert_eq!(refused(|s| s.lock_out.clear()), "lock_out");
    }

    #[test]
    fn a_host_and_a_sender_cannot_carry_anything_else() {
        for host in ["", "https://id.example", "id.example:8443", "a b", "a\n@evil.example"] {
            assert_eq!(refused(|s| host.clone_into(&mut s.origin_host)), "origin_host");
        }
        for sender in ["", "TwelveLetters", "a\n", "+34600000001"] {
            assert_eq!(refused(|s| sender.clone_into(&mut s.sender)), "sender");
        }
    }
}
