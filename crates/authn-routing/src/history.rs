//! How often the prompts of each authenticator have been answered lately: a fact for policy.

use std::{collections::HashMap, time::Duration};

use fiador_kernel::{AuthenticatorId, Timestamp};
use parking_lot::Mutex;

/// After so long a prompt counts half.
const HALF_LIFE: Duration = Duration::from_mins(15);

/// With fewer prompts than this, weighed, nothing is said.
const ENOUGH: f64 = 20.0;

/// Authenticators that are counted; the wiring has a handful.
const MOST: usize = 64;

/// Ends of the prompts of known subscribers, weighed by their age. In memory and of this node alone: a restart forgets it.
#[derive(Default)]
pub(crate) struct History {
    counts: Mutex<HashMap<AuthenticatorId, Count>>,
}

#[derive(Clone, Copy)]
struct Count {
    ended: f64,
    answered: f64,
    at: Timestamp,
}

impl History {
    /// Notes the end of a prompt, or that it could not begin.
    pub(crate) fn note(&self, authenticator: &AuthenticatorId, answered: bool, now: Timestamp) {
        let mut counts = self.counts.lock();
        if counts.len() >= MOST && !counts.contains_key(authenticator) {
            return;
        }
        let nothing = Count { ended: 0.0, answered: 0.0, at: now };
        let count = counts.entry(authenticator.clone()).or_insert(nothing);
        *count = count.weighed(now);
        count.ended += 1.0;
        count.answered += f64::from(u8::from(answered));
    }

    /// How many of a thousand prompts were answered rightly; `None` while there are too few to tell.
    pub(crate) fn success_rate(
        &self,
        authenticator: &AuthenticatorId,
        now: Timestamp,
    ) -> Option<u16> {
        let count = self.counts.lock().get(authenticator)?.weighed(now);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1000, and an `as` of a float saturates"
        )]
        (count.ended >= ENOUGH).then(|| (count.answered / count.ended * 1000.0).round() as u16)
    }
}

impl Count {
    fn weighed(self, now: Timestamp) -> Self {
        let half_lives = now.since(self.at).as_secs_f64() / HALF_LIFE.as_secs_f64();
        let weight = (-half_lives).exp2();
        Self { ended: self.ended * weight, answered: self.answered * weight, at: now.max(self.at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sms() -> AuthenticatorId {
        AuthenticatorId::new("sms_otp").unwrap()
    }

    #[test]
    fn nothing_is_said_of_a_few_prompts_and_old_ones_are_forgotten() {
        let (history, now) = (History::default(), Timestamp::from_seconds(1_000_000));
        for _ in 0..19 {
            history.note(&sms(), true, now);
        }
        assert_eq!(history.success_rate(&sms(), now), None);
        history.note(&sms(), true, now);
        assert_eq!(history.success_rate(&sms(), now), Some(1000));
        assert_eq!(history.success_rate(&sms(), now + HALF_LIFE), None);
    }

    #[test]
    fn what_is_new_outweighs_what_is_old() {
        let (history, now) = (History::default(), Timestamp::from_seconds(1_000_000));
        for _ in 0..100 {
            history.note(&sms(), true, now);
        }
        let later = now + HALF_LIFE * 2;
        for _ in 0..25 {
            history.note(&sms(), false, later);
        }
        assert_eq!(history.success_rate(&sms(), later), Some(500));
    }

    #[test]
    fn names_without_end_do_not_fill_memory() {
        let (history, now) = (History::default(), Timestamp::default());
        for n in 0..1000 {
            history.note(&AuthenticatorId::new(&format!("a{n}")).unwrap(), true, now);
        }
        assert_eq!(history.counts.lock().len(), MOST);
    }
}
