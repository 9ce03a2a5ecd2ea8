//! Comparing an answer with the code.

use fiador_domain::assurance::Evidence;
use fiador_kernel::{Amr, Timestamp};
use fiador_ports::{Answer, Answered, Challenge, Road, StoreError};

use crate::{
    CEILING, SmsOtp,
    lock_out::Standing,
    prompt::CODE_FIELD,
    state::{State, hash_context},
};

impl SmsOtp {
    /// Evaluates an answer against a state from which the attempt has already been taken (T-121).
    /// Every wrong answer takes the same road, whether the code was wrong, too old, or never sent
    /// because the number is unknown (T-048).
    pub(crate) async fn compare(
        &self,
        challenge: Challenge<'_>,
        state: &State,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        let now = self.ports.clock.now();
        let subject = challenge.subject;
        let standing = self.lock_out.standing(subject.msisdn_index, now).await?;
        let right = self.is_right(&challenge, state, answer)
            && now < state.expires_at
            && subject.subscriber.is_some()
            && !matches!(standing, Standing::Locked(_));
        self.guess_watch.record(&challenge.ask.client, subject.number_block, !right, now);
        if !right {
            self.lock_out.record(subject.msisdn_index, now).await?;
            return Ok(if state.attempts_left == 0 { Answered::Failed } else { Answered::Wrong });
        }
        // Nothing is written on the happy path. Who guessed wrong before pays one commit more here,
        // and never the tokens' own: failures must be forgotten only once the answer was right.
        if standing != Standing::Clean {
            self.lock_out.clear(subject.msisdn_index).await?;
        }
        Ok(Answered::Verified(self.evidence(now)))
    }

    /// Keyed hashes are compared, in constant time (`Digest`).
    fn is_right(&self, challenge: &Challenge<'_>, state: &State, answer: &Answer) -> bool {
        if answer.road != Road::Browser {
            return false;
        }
        let presented = digits(answer.field(CODE_FIELD).unwrap_or_default());
        let context = hash_context(challenge.journey, &state.salt);
        self.ports.vault.one_time_code_hash(&context, &presented) == state.code_hash
    }

    fn evidence(&self, now: Timestamp) -> Evidence {
        Evidence {
            authenticator: self.id.clone(),
            level: CEILING,
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
            at: now,
        }
    }
}

/// People copy codes with spaces around and inside; anything else is not a code and gives an empty
/// text, which no code equals.
fn digits(text: &str) -> String {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.bytes().all(|b| b.is_ascii_digit()) { compact } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_forgiven_and_nothing_else() {
        assert_eq!(digits(" 123 456\u{a0}"), "123456");
        for wrong in ["12345a", "１２３４５６", "123456\u{0}", "-123456", ""] {
            assert_eq!(digits(wrong), "", "{wrong:?}");
        }
    }
}
