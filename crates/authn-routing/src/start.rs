//! The beginning: from an identified journey to the first prompts.

use fiador_domain::{
    journey::{Ending, Refusal, Stage},
    routing::Unserved,
};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{Known, StartError, Versioned};

use crate::{
    Router, chain_moves,
    held::{Held, Made},
    walk::Walked,
};

impl Router {
    /// Chooses a chain and starts its first step. Whoever finds the journey past this gets it as it
    /// is: of parallel callers one starts, so that one tap sends one message.
    pub(crate) async fn start_chain(
        &self,
        handle: Digest,
        known: Known<'_>,
    ) -> Result<Versioned, StartError> {
        let mut held = self.read(handle).await?.ok_or(StartError::NoJourney)?;
        if held.journey.is_overdue(self.clock.now()) {
            self.refuse(&mut held, Refusal::TimedOut).await?;
        }
        let Stage::Identified { subject } = held.journey.stage.clone() else {
            return Ok(held.versioned());
        };
        let steps = match self.choose(&held.journey, &subject, known).await? {
            Ok(steps) => steps,
            Err(unserved) => {
                tracing::warn!(
                    journey = %held.journey.id, client_id = %held.journey.ask.client,
                    error = %unserved, "no authenticator can start"
                );
                return match unserved {
                    Unserved::Unavailable => self.end_unserved(held, StartError::Unavailable).await,
                    Unserved::LevelUnreachable | Unserved::Forbidden => {
                        self.refuse(&mut held, Refusal::LevelUnmet).await?;
                        Ok(held.versioned())
                    }
                };
            }
        };
        self.enter_ledger(&held, &subject).await?;
        let claim = self.new_claim();
        let made = self
            .make(&mut held, |journey| match &journey.stage {
                // Another tab may have named another number meanwhile: a challenge belongs to its
                // subject.
                Stage::Identified { subject: still } if *still == subject => {
                    journey.stage.clone().challenge(chain_moves::fresh(steps.clone(), claim)).ok()
                }
                _ => None,
            })
            .await?;
        match made {
            Made::From(_) => self.start_first(held, known, claim).await,
            Made::Unfit => {
                if held.journey.stage.subject() != Some(&subject) {
                    self.leave_ledger(&held.journey.id, &subject).await;
                }
                Ok(held.versioned())
            }
            Made::Gone => {
                self.leave_ledger(&held.journey.id, &subject).await;
                Err(StartError::NoJourney)
            }
        }
    }

    async fn start_first(
        &self,
        mut held: Held,
        known: Known<'_>,
        claim: Timestamp,
    ) -> Result<Versioned, StartError> {
        match self.walk(&mut held, claim, Ending::NotStarted, known.number).await {
            Ok(Walked::Begun) => {
                self.catch_up(&mut held).await?;
                Ok(held.versioned())
            }
            Ok(Walked::Overtaken) => Ok(held.versioned()),
            Ok(Walked::Nothing(error)) => self.end_unserved(held, error).await,
            Ok(Walked::MustWait(wait)) => self.back_out(held, wait.into()).await,
            Err(error) => self.back_out(held, error.into()).await,
        }
    }

    /// No prompt has left: the journey is as it was, and the user may try later.
    async fn back_out(&self, mut held: Held, error: StartError) -> Result<Versioned, StartError> {
        let subject = held.journey.stage.subject().cloned();
        let id = held.journey.id.clone();
        self.make(&mut held, |journey| journey.stage.clone().back_out().ok()).await?;
        if let Some(subject) = subject {
            self.leave_ledger(&id, &subject).await;
        }
        Err(error)
    }

    async fn end_unserved(
        &self,
        mut held: Held,
        error: StartError,
    ) -> Result<Versioned, StartError> {
        self.refuse(&mut held, Refusal::Unavailable).await?;
        Err(error)
    }
}
