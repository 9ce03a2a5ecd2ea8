//! Starting a challenge: may a message leave, and if so, which.

use std::time::Duration;

use fiador_domain::catalog;
use fiador_http_kit::Translator;
use fiador_kernel::{Digest, Timestamp, token_text};
use fiador_ports::{Challenge, Reservation, StartError, Started};
use serde_json::Value;

use crate::{
    SmsAuthenticator,
    delivery::Letter,
    link::{NumberMatch, Token, told_binding_message},
    lock_out::Standing,
    send_budget,
    settings::LEAST_LIFE,
    state::{Link, State, hash_context},
    text::{Content, Secrets, Wording},
};

impl SmsAuthenticator {
    /// Sends a message, or a new one in place of `previous`.
    pub(crate) async fn send(
        &self,
        challenge: Challenge<'_>,
        previous: Option<&Value>,
    ) -> Result<Started, StartError> {
        let ports = &self.sms.ports;
        let now = ports.clock.now();
        let sends = self.sends_so_far(previous, now)?;
        let words = ports.pages.translator(challenge.ask.language);
        // The same for everybody, known or not, and before anything is spent (T-048).
        let wording = self.wording(&words, &challenge)?;
        let link = self.link_for(&challenge)?;
        if !is_worth_sending(&challenge, now) {
            return Err(too_late(&challenge, previous, now));
        }
        if !ports.message_centre.is_available() {
            return Err(StartError::Unavailable);
        }
        let place = self.sms.dispatch.place().ok_or(StartError::Unavailable)?;
        if let Standing::Locked(wait) =
            self.sms.lock_out.standing(challenge.subject.msisdn_index, now).await?
        {
            return Err(StartError::LockedOut(wait));
        }
        self.reserve(&challenge, sends, now).await?;
        self.sms.conversion_watch.sent(&challenge, now);

        let code_length = self.sms.settings.code_length;
        let code = self.kind.has_code().then(|| ports.codes.code(&challenge, code_length));
        // Also without a link: by its digest the fate of the message finds the prompt. Then nobody
        // has the token, and an answer by it would be worth nothing.
        let token = Token::draw(&*ports.entropy);
        let state = self.state_for(&challenge, (code.as_deref(), link), sends, now);
        let link = self.kind.has_link().then(|| token.as_str());
        let letter = Letter {
            kind: self.kind,
            journey: challenge.journey.clone(),
            reference: token.reference(),
            subscriber: challenge.subject.subscriber.clone(),
            number: challenge.number.cloned(),
            sender: self.sms.settings.sender.clone(),
            text: wording.with(Secrets { code: code.as_deref(), token: link }),
            expires_at: state.expires_at,
        };
        let started = Started { state: state.write()?, reference: Some(token.reference()) };
        self.sms.dispatch.send(place, letter);
        Ok(started)
    }

    /// What the message will say. Whoever decides on a text must see all of it (mobile-connect
    /// §2.1 †): one that cannot be shown whole is refused. For a login alone it is left out.
    fn wording<'a>(
        &'a self,
        words: &'a Translator<'a>,
        challenge: &Challenge<'a>,
    ) -> Result<Wording<'a>, StartError> {
        let ask = challenge.ask;
        let content = Content {
            client_name: &ask.client_name,
            details: [told_binding_message(ask, challenge.page), ask.context.as_deref()],
        };
        let layout = self.sms.texts.layout(&self.sms.settings, self.kind, words);
        if catalog::needs_transaction_text(&ask.scopes) {
            return Wording::whole(layout, &content).ok_or(StartError::TextTooLong);
        }
        Ok(Wording::brief(layout, &content))
    }

    /// What the phone must choose, where the message has a link: the number on our waiting page, or,
    /// where nobody waits at one, the number in the service provider's binding message. Where there is
    /// neither, nobody is asked: a bare click proves nothing (T-107, T-108).
    fn link_for(&self, challenge: &Challenge<'_>) -> Result<Option<Link>, StartError> {
        if !self.kind.has_link() {
            return Ok(None);
        }
        let entropy = &*self.sms.ports.entropy;
        let number = match (challenge.page, challenge.ask.number_to_choose()) {
            (Some(_), _) => NumberMatch::draw(entropy),
            (None, Some(shown)) => NumberMatch::among_others(shown, entropy),
            (None, None) => {
                tracing::warn!(
                    journey = %challenge.journey,
                    client_id = %challenge.ask.client,
                    authenticator = self.kind.id(),
                    "no screen shows a number to choose; without a browser the binding message must be one"
                );
                return Err(StartError::Unavailable);
            }
        };
        Ok(Some(Link { number }))
    }

    /// How many messages this journey has had, if it may have another one now. Holds also where
    /// the budgets have been loosened.
    fn sends_so_far(&self, previous: Option<&Value>, now: Timestamp) -> Result<u8, StartError> {
        let Some(previous) = previous else { return Ok(0) };
        let previous = State::read(previous)?;
        let wait = previous.again_at.since(now);
        if wait > Duration::ZERO {
            return Err(StartError::BudgetExhausted(wait));
        }
        if previous.sends >= self.sms.settings.sends_per_journey {
            return Err(StartError::BudgetExhausted(self.sms.settings.code_lifetime));
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
        let sms = &self.sms;
        let suspects = sms
            .guess_watch
            .suspects(challenge, now)
            .or(sms.conversion_watch.suspects(challenge, now));
        let budgets = &sms.settings.send_budgets;
        let all = send_budget::spends(budgets, challenge, suspects, (self.kind, sends));
        match sms.ports.budgets.reserve(all, now).await? {
            Reservation::Granted => Ok(()),
            Reservation::Refused { index, exhausted } => {
                let budget = send_budget::NAMES.get(index).copied().unwrap_or("unknown");
                metrics::counter!("fiador_sms_budget_refusals_total", "budget" => budget)
                    .increment(1);
                tracing::info!(
                    journey = %challenge.journey,
                    client_id = %challenge.ask.client,
                    authenticator = self.kind.id(),
                    budget,
                    "a send budget is used up"
                );
                // Somebody else has just sent from this state: what counts is the pause after that.
                let again = budget == send_budget::AGAIN;
                let wait = if again { sms.settings.resend_gap } else { exhausted.retry_after };
                Err(StartError::BudgetExhausted(wait))
            }
        }
    }

    fn state_for(
        &self,
        challenge: &Challenge<'_>,
        (code, link): (Option<&str>, Option<Link>),
        sends: u8,
        now: Timestamp,
    ) -> State {
        let (settings, ports) = (&self.sms.settings, &self.sms.ports);
        let salt = token_text(&*ports.entropy, 16);
        State {
            code_hash: code.map(|code| self.hash_of(challenge, &salt, code)),
            link,
            salt,
            expires_at: (now + settings.code_lifetime).min(challenge.expires_at),
            attempts_left: settings.attempts,
            sends: sends.saturating_add(1),
            again_at: now + settings.resend_gap,
            sent_at: now,
        }
    }

    fn hash_of(&self, challenge: &Challenge<'_>, salt: &str, code: &str) -> Digest {
        let context = hash_context(challenge.journey, salt);
        self.sms.ports.vault.one_time_code_hash(&context, code)
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
