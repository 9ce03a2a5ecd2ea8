//! The beginning: from an identified journey to the first prompts.

use fiador_domain::{
    journey::{Ending, Journey, Refusal, Stage, Subject},
    prompting::Prompting,
    routing::Unserved,
};
use fiador_kernel::{Digest, Msisdn, Timestamp};
use fiador_ports::{Known, StartError, StoreError, Versioned};

use crate::{
    Router, chain_moves,
    held::{Held, Made},
    walk::Walked,
};

/// What the first step begins with.
struct First<'a> {
    /// As the door has named it.
    subject: Subject,
    /// Older journeys of the same browser.
    replaced: Vec<Prompting>,
    claim: Timestamp,
    number: Option<&'a Msisdn>,
}

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
        let chosen = match self.choose(&held.journey, &subject, known).await? {
            Ok(chosen) => chosen,
            Err(Unserved::Unavailable) => {
                return self.end_unserved(held, StartError::Unavailable).await;
            }
            Err(Unserved::LevelUnreachable | Unserved::Forbidden) => {
                self.refuse(&mut held, Refusal::LevelUnmet).await?;
                return Ok(held.versioned());
            }
        };
        let replaced = self.enter_ledger(&held, &subject).await?;
        let claim = self.new_claim();
        let made = self
            .make(&mut held, |journey| match &journey.stage {
                // Another tab may have named another number meanwhile: a challenge belongs to its
                // subject.
                Stage::Identified { subject: still } if *still == subject => {
                    let asked = journey.stage.clone().identify(chosen.subject.clone()).ok()?;
                    asked.challenge(chain_moves::fresh(chosen.steps.clone(), claim)).ok()
                }
                _ => None,
            })
            .await?;
        match made {
            Made::From(_) => {
                let number = known.number.filter(|_| chosen.subject.subscriber.is_some());
                self.start_first(held, First { subject, replaced, claim, number }).await
            }
            Made::Unfit => {
                let asks = held.journey.stage.subject().map(|asked| asked.msisdn_index);
                if asks != Some(subject.msisdn_index) {
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

    async fn start_first(&self, mut held: Held, first: First<'_>) -> Result<Versioned, StartError> {
        match self.walk(&mut held, first.claim, Ending::NotStarted, first.number).await {
            Ok(Walked::Begun) => {
                // Not before: what is on the phone is not taken away by a message that could not
                // follow it.
                self.end_replaced(&first.replaced, &first.subject).await?;
                self.catch_up(&mut held).await?;
                Ok(held.versioned())
            }
            Ok(Walked::Overtaken) => Ok(held.versioned()),
            Ok(Walked::Nothing(error)) => self.end_unserved(held, error).await,
            Ok(Walked::MustWait(wait)) => self.back_out(held, &first.subject, wait.into()).await,
            Ok(Walked::Lost(error)) => self.back_out_of_lost(held, &first.subject, error).await,
            Err(error) => self.back_out(held, &first.subject, error.into()).await,
        }
    }

    /// No prompt has left: the journey is as it was, and the user may try later.
    async fn back_out(
        &self,
        mut held: Held,
        subject: &Subject,
        error: StartError,
    ) -> Result<Versioned, StartError> {
        if let Made::From(_) = self.make(&mut held, |journey| as_before(journey, subject)).await? {
            self.leave_ledger(&held.journey.id, subject).await;
        }
        Err(error)
    }

    /// A prompt has left, so it counts, whether or not the journey knows of it.
    async fn back_out_of_lost(
        &self,
        mut held: Held,
        subject: &Subject,
        error: StoreError,
    ) -> Result<Versioned, StartError> {
        if let Made::From(_) = self.make(&mut held, |journey| as_before(journey, subject)).await? {
            self.note_forgotten(&held.journey.id, subject).await;
        }
        Err(error.into())
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

/// The journey before its first step, of the subject that was named.
fn as_before(journey: &Journey, subject: &Subject) -> Option<Stage> {
    journey.stage.clone().back_out().and_then(|stage| stage.identify(subject.clone())).ok()
}
