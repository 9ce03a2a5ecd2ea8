//! "Send again": a new prompt of the same authenticator in place of the old one.

use std::time::Duration;

use fiador_domain::journey::{Chain, Prompt, Refusal};
use fiador_kernel::{AuthenticatorId, Digest};
use fiador_ports::{Challenge, StartError, Versioned};

use crate::{
    Router,
    chain_moves::{self, PromptName},
    held::{Made, told},
    start_group::{NotStarted, later_than_live, prompt},
};

impl Router {
    /// It stays with the authenticator that the user has in front of them. What is on the phone is
    /// not taken away by a message that could not follow it.
    pub(crate) async fn ask_again(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
    ) -> Result<Versioned, StartError> {
        let mut held = self.read(handle).await?.ok_or(StartError::NoJourney)?;
        if held.journey.is_overdue(self.clock.now()) {
            self.refuse(&mut held, Refusal::TimedOut).await?;
        }
        let Some((subject, chain)) = held.challenged() else { return Ok(held.versioned()) };
        let Some(old) = chain.prompt_of(authenticator) else { return Ok(held.versioned()) };
        let (subject, old) = (subject.clone(), old.clone());
        let name = PromptName::of(&old);
        let challenge = told(&held.journey, &subject, None);
        self.may_ask_again(challenge, &old)?;
        let renewed_at = self.renew_in_ledger(&held, &subject).await?;
        let started = match self.start_one(authenticator, challenge, Some(&old.state)).await {
            Ok(started) => started,
            Err(NotStarted { error, may_have_left }) => {
                if !may_have_left {
                    self.leave_renewed(&held.journey.id, &subject, renewed_at).await;
                }
                return Err(error);
            }
        };
        let Some((_, chain)) = held.challenged() else { return Ok(held.versioned()) };
        let new = prompt(authenticator, started, later_than_live(chain, self.clock.now()));
        let renew = |chain: &Chain| chain_moves::replaced(chain, &name, &new);
        match self.make_in_chain(&mut held, renew).await {
            Ok(Made::From(before)) => {
                self.cancel_all(&before, &subject, &[old]);
                self.schedule(&held);
                self.catch_up(&mut held).await?;
                Ok(held.versioned())
            }
            made => {
                // What has just left is answered by nobody any more.
                self.cancel_all(&held.journey, &subject, &[new]);
                match made? {
                    Made::Gone => Err(StartError::NoJourney),
                    Made::From(_) | Made::Unfit => Ok(held.versioned()),
                }
            }
        }
    }

    /// Whether the authenticator itself offers to ask again now: the page shows no button for what it
    /// does not offer, and whoever sends the form all the same gets no more (T-106).
    fn may_ask_again(&self, challenge: Challenge<'_>, old: &Prompt) -> Result<(), StartError> {
        let adaptor = self.adaptors.find(&old.authenticator).ok_or(StartError::Unavailable)?;
        let now = self.clock.now();
        let wait = match adaptor.prompt(challenge, old, false).again_after {
            Some(seconds) => Duration::from_secs(seconds),
            None => challenge.expires_at.since(now),
        };
        if wait.is_zero() { Ok(()) } else { Err(StartError::BudgetExhausted(wait)) }
    }
}
