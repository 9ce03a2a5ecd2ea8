//! Starting a challenge: may a message leave, and if so, which.

use std::time::Duration;

use fiador_kernel::{Timestamp, token_text};
use fiador_ports::{Challenge, Reservation, StartError, Started};
use serde_json::Value;

use crate::{
    SmsOtp,
    delivery::Letter,
    lock_out::Standing,
    send_budget,
    state::{State, hash_context},
    text::{Content, compose},
};

impl SmsOtp {
    /// Sends a code, or a new one in place of `previous`.
    pub(crate) async fn send_code(
        &self,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        let now = self.ports.clock.now();
        let sends = self.sends_so_far(previous, now)?;
        // The same for everybody, known or not, and before anything is spent (T-048).
        if !self.ports.message_centre.is_available() {
            return Err(StartError::Unavailable);
        }
        let place = self.delivery.place().ok_or(StartError::Unavailable)?;
        if let Standing::Locked(wait) =
            self.lock_out.standing(challenge.subject.msisdn_index, now).await?
        {
            return Err(StartError::LockedOut(wait));
        }
        self.reserve(&challenge, now).await?;

        let code = self.ports.codes.code(&challenge, self.settings.code_length);
        let state = self.state_for(&challenge, &code, sends, now);
        let text = compose(
            &self.ports.pages.translator(challenge.ask.language),
            &Content {
                code: &code,
                client_name: &challenge.ask.client_name,
                details: [
                    challenge.ask.binding_message.as_deref(),
                    challenge.ask.context.as_deref(),
                ],
                origin_host: &self.settings.origin_host,
            },
        );
        let letter = Letter {
            journey: challenge.journey.clone(),
            subscriber: challenge.subject.subscriber.clone(),
            sender: self.settings.sender.clone(),
            text,
            expires_at: state.expires_at,
        };
        let state = state.write()?;
        self.delivery.dispatch(place, letter);
        Ok(Started { state })
    }

    /// How many codes this journey has sent, if it may send another one now. Holds also where the
    /// budgets have been loosened.
    fn sends_so_far(&self, previous: Option<&Value>, now: Timestamp) -> Result<u8, StartError> {
        let Some(previous) = previous else { return Ok(0) };
        let previous = State::read(previous)?;
        let wait = previous.again_at.since(now);
        if wait > Duration::ZERO {
            return Err(StartError::BudgetExhausted(wait));
        }
        if previous.sends >= self.settings.sends_per_journey {
            return Err(StartError::BudgetExhausted(self.settings.code_lifetime));
        }
        Ok(previous.sends)
    }

    /// All budgets in one durable step: a crash after it loses a message, never a count (T-122).
    async fn reserve(&self, challenge: &Challenge<'_>, now: Timestamp) -> Result<(), StartError> {
        let suspects =
            self.guess_watch.suspects(&challenge.ask.client, challenge.number_block, now);
        let spends = send_budget::spends(&self.settings.send_budgets, challenge, suspects);
        match self.ports.budgets.reserve(spends, now).await? {
            Reservation::Granted => Ok(()),
            Reservation::Refused { index, exhausted } => {
                let budget = send_budget::NAMES.get(index).copied().unwrap_or("unknown");
                metrics::counter!("fiador_sms_otp_budget_refusals_total", "budget" => budget)
                    .increment(1);
                tracing::info!(
                    journey = %challenge.journey,
                    client_id = %challenge.ask.client,
                    budget,
                    "a send budget is used up"
                );
                Err(StartError::BudgetExhausted(exhausted.retry_after))
            }
        }
    }

    fn state_for(&self, challenge: &Challenge<'_>, code: &str, sends: u8, now: Timestamp) -> State {
        let salt = token_text(&*self.ports.entropy, 16);
        let context = hash_context(challenge.journey, &salt);
        State {
            code_hash: self.ports.vault.one_time_code_hash(&context, code),
            salt,
            expires_at: now + self.settings.code_lifetime,
            attempts_left: self.settings.attempts,
            sends: sends.saturating_add(1),
            again_at: now + self.settings.resend_gap,
        }
    }
}
