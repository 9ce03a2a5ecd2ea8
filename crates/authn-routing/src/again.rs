//! "Send again": a new prompt of the same authenticator in place of the old one.

use fiador_domain::journey::{Chain, Refusal};
use fiador_kernel::{AuthenticatorId, Digest};
use fiador_ports::{StartError, Versioned};

use crate::{
    Router,
    chain_moves::{self, PromptName},
    held::{Made, told},
    start_group::{later_than_live, prompt},
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
        let (subject, name) = (subject.clone(), PromptName::of(old));
        let challenge = told(&held.journey, &subject, None);
        let started = self.start_one(authenticator, challenge, Some(&old.state)).await?;
        let new = prompt(authenticator, started, later_than_live(chain, self.clock.now()));
        let renew = |chain: &Chain| chain_moves::replaced(chain, &name, &new);
        match self.make_in_chain(&mut held, renew).await {
            Ok(Made::From(_)) => {
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
}
