//! Comparing an answer of the waiting browser with the code.

use fiador_domain::assurance::Evidence;
use fiador_kernel::Timestamp;
use fiador_ports::{Answer, Answered, Challenge, StoreError};

use crate::{
    CEILING, SmsAuthenticator,
    kind::Proof,
    lock_out::Standing,
    prompt::CODE_FIELD,
    state::{State, hash_context},
};

impl SmsAuthenticator {
    /// Evaluates an answer against a state from which the attempt has already been taken (T-121).
    /// Every wrong answer takes the same road, whether the code was wrong, too old, or never sent
    /// because the number is unknown (T-048).
    pub(crate) async fn compare_code(
        &self,
        challenge: Challenge<'_>,
        state: &State,
        answer: &Answer,
    ) -> Result<Answered, StoreError> {
        // A message without a code leaves nothing to guess here, so nothing is counted either.
        if state.code_hash.is_none() {
            return Ok(wrong(state));
        }
        let sms = &self.sms;
        let now = sms.ports.clock.now();
        let standing = sms.lock_out.standing(challenge.subject.msisdn_index, now).await?;
        let right = self.is_right(&challenge, state, answer)
            && now < state.expires_at
            && challenge.subject.subscriber.is_some()
            && !matches!(standing, Standing::Locked(_));
        sms.guess_watch.record(&challenge, !right, now);
        if !right {
            sms.lock_out.record(challenge.subject.msisdn_index, now).await?;
            return Ok(wrong(state));
        }
        self.proven(challenge, state, standing, Proof::Code).await
    }

    /// The subscriber is there, by whichever half of the message.
    pub(crate) async fn proven(
        &self,
        challenge: Challenge<'_>,
        state: &State,
        standing: Standing,
        proof: Proof,
    ) -> Result<Answered, StoreError> {
        // Nothing is written on the happy path. Who guessed wrong before pays one commit more here,
        // and never the tokens' own: failures must be forgotten only once the answer was right.
        if standing != Standing::Clean {
            self.sms.lock_out.clear(challenge.subject.msisdn_index).await?;
        }
        let now = self.sms.ports.clock.now();
        self.sms.conversion_watch.verified(&challenge, state.sent_at, now);
        Ok(Answered::Verified(self.evidence(proof, now)))
    }

    /// Keyed hashes are compared, in constant time (`Digest`).
    fn is_right(&self, challenge: &Challenge<'_>, state: &State, answer: &Answer) -> bool {
        let presented = digits(answer.field(CODE_FIELD).unwrap_or_default());
        let context = hash_context(challenge.journey, &state.salt);
        Some(self.sms.ports.vault.one_time_code_hash(&context, &presented)) == state.code_hash
    }

    fn evidence(&self, proof: Proof, now: Timestamp) -> Evidence {
        Evidence {
            authenticator: self.id.clone(),
            level: CEILING,
            amr_mobile_connect: proof.amr_mobile_connect(),
            amr_rfc8176: proof.amr_rfc8176(),
            at: now,
        }
    }
}

const fn wrong(state: &State) -> Answered {
    if state.attempts_left == 0 { Answered::Failed } else { Answered::Wrong }
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
