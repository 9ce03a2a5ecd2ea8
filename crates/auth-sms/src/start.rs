//! Starting a challenge: may a message leave, and if so, which.

use std::time::Duration;

use fiador_domain::{catalog, journey::Ask};
use fiador_http_kit::Translator;
use fiador_kernel::{Timestamp, token_text};
use fiador_ports::{Challenge, Reservation, StartError, Started};
use serde_json::Value;

use crate::{
    SmsOtp,
    delivery::Letter,
    lock_out::Standing,
    send_budget,
    settings::LEAST_LIFE,
    state::{State, hash_context},
    text::{Content, Wording},
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
        let words = self.ports.pages.translator(challenge.ask.language);
        // The same for everybody, known or not, and before anything is spent (T-048).
        let wording = self.wording(&words, challenge.ask)?;
        if !is_worth_sending(&challenge, now) {
            return Err(too_late(&challenge, previous, now));
        }
        if !self.ports.message_centre.is_available() {
            return Err(StartError::Unavailable);
        }
        let place = self.delivery.place().ok_or(StartError::Unavailable)?;
        if let Standing::Locked(wait) =
            self.lock_out.standing(challenge.subject.msisdn_index, now).await?
        {
            return Err(StartError::LockedOut(wait));
        }
        self.reserve(&challenge, sends, now).await?;

        let code = self.ports.codes.code(&challenge, self.settings.code_length);
        let state = self.state_for(&challenge, &code, sends, now);
        let letter = Letter {
            journey: challenge.journey.clone(),
            subscriber: challenge.subject.subscriber.clone(),
            number: challenge.number.cloned(),
            sender: self.settings.sender.clone(),
            text: wording.with_code(&code),
            expires_at: state.expires_at,
        };
        let state = state.write()?;
        self.delivery.dispatch(place, letter);
        Ok(Started::answered_here(state))
    }

    /// What the message will say. Whoever decides on a text must see all of it (mobile-connect
    /// §2.1 †): one that cannot be shown whole is refused. For a login alone it is left out.
    fn wording<'a>(
        &'a self,
        words: &'a Translator<'a>,
        ask: &'a Ask,
    ) -> Result<Wording<'a>, StartError> {
        let content = Content {
            client_name: &ask.client_name,
            details: [ask.binding_message.as_deref(), ask.context.as_deref()],
            origin_host: &self.settings.origin_host,
            code_length: self.settings.code_length,
        };
        if catalog::needs_transaction_text(&ask.scopes) {
            return Wording::whole(words, &content).ok_or(StartError::TextTooLong);
        }
        Ok(Wording::brief(words, &content))
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
    async fn reserve(
        &self,
        challenge: &Challenge<'_>,
        sends: u8,
        now: Timestamp,
    ) -> Result<(), StartError> {
        let suspects =
            self.guess_watch.suspects(&challenge.ask.client, challenge.subject.number_block, now);
        let all = send_budget::spends(&self.settings.send_budgets, challenge, suspects, sends);
        match self.ports.budgets.reserve(all, now).await? {
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
                // Somebody else has just sent from this state: what counts is the pause after that.
                let again = budget == send_budget::AGAIN;
                let wait = if again { self.settings.resend_gap } else { exhausted.retry_after };
                Err(StartError::BudgetExhausted(wait))
            }
        }
    }

    fn state_for(&self, challenge: &Challenge<'_>, code: &str, sends: u8, now: Timestamp) -> State {
        let salt = token_text(&*self.ports.entropy, 16);
        let context = hash_context(challenge.journey, &salt);
        State {
            code_hash: self.ports.vault.one_time_code_hash(&context, code),
            salt,
            expires_at: (now + self.settings.code_lifetime).min(challenge.expires_at),
            attempts_left: self.settings.attempts,
            sends: sends.saturating_add(1),
            again_at: now + self.settings.resend_gap,
        }
    }
}

/// Whether a code that is sent at `at` would live long enough to be of use: none outlives its
/// journey (T-130).
pub(crate) fn is_worth_sending(challenge: &Challenge<'_>, at: Timestamp) -> bool {
    challenge.expires_at.since(at) > LEAST_LIFE
}

/// The code that was sent before is still good, so its journey goes on; without one it is over.
fn too_late(challenge: &Challenge<'_>, previous: Option<&Value>, now: Timestamp) -> StartError {
    match previous {
        Some(_) => StartError::BudgetExhausted(challenge.expires_at.since(now)),
        None => StartError::Unavailable,
    }
}
