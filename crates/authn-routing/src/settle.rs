//! From an answer to what it does to the journey: of an approval, a denial and the end of time
//! exactly one counts.

use fiador_domain::{
    assurance::Evidence,
    journey::{Chain, Ending, Journey, Refusal, Stage},
};
use fiador_ports::{Answer, Road, Settled, StoreError};

use crate::{
    Router,
    answer::{Attempt, Judged},
    chain_moves::{self, Addressed, PromptName},
    held::{Held, Made, challenged},
    outcome,
    refuse::Heard,
};

impl Router {
    /// Settles an answer by any road.
    pub(crate) async fn settle(
        &self,
        mut held: Held,
        addressed: Addressed<'_>,
        answer: &Answer,
    ) -> Result<Settled, StoreError> {
        if self.end_if_overdue(&mut held).await? {
            return Ok(too_late(held));
        }
        let Some(attempt) = self.admit(&mut held, addressed).await? else {
            return Ok(too_late(held));
        };
        let answered = self.evaluate(&held.journey, &attempt, answer).await?;
        let name = &attempt.prompt;
        let made = match answered {
            Judged::Wrong => return Ok(Settled::Wrong(held.versioned())),
            Judged::Verified(evidence) => self.verify(&mut held, name, evidence).await?,
            Judged::Failed => self.refuse_for(&mut held, name, Refusal::Failed).await?,
            Judged::Denied => self.deny(&mut held, name, answer.road).await?,
            Judged::GaveUp => self.go_without(&mut held, &attempt, Refusal::Unavailable).await?,
            Judged::TooLow => self.go_without(&mut held, &attempt, Refusal::LevelUnmet).await?,
        };
        Ok(match made {
            Made::From(_) => Settled::Moved(held.versioned()),
            Made::Unfit => too_late(held),
            Made::Gone => Settled::TooLate(None),
        })
    }

    pub(crate) async fn end_if_overdue(&self, held: &mut Held) -> Result<bool, StoreError> {
        let is_overdue = held.journey.is_overdue(self.clock.now());
        if is_overdue {
            self.refuse(held, Refusal::TimedOut).await?;
        }
        Ok(is_overdue)
    }

    async fn verify(
        &self,
        held: &mut Held,
        name: &PromptName,
        evidence: Evidence,
    ) -> Result<Made, StoreError> {
        let verify = |journey: &Journey| -> Option<Stage> {
            let counts = awaits(journey, name) && !journey.is_overdue(self.clock.now());
            counts.then(|| journey.stage.clone().verify(evidence.clone()).ok())?
        };
        let made = self.make(held, verify).await?;
        match &made {
            Made::From(before) => {
                self.due.forget(held.handle);
                self.cancel_others(before, name);
                self.note_history(before, Some(name));
                if let Some(subject) = before.stage.subject() {
                    self.note_answered(&before.id, subject).await;
                }
            }
            Made::Unfit => {
                outcome::late(&held.journey, &name.authenticator);
                self.end_if_overdue(held).await?;
            }
            Made::Gone => {}
        }
        Ok(made)
    }

    async fn refuse_for(
        &self,
        held: &mut Held,
        name: &PromptName,
        reason: Refusal,
    ) -> Result<Made, StoreError> {
        self.refuse_if(held, reason, |journey| awaits(journey, name)).await
    }

    /// A denial stops the journey. Only one that came from the phone makes the client rest: in the
    /// browser it may be anybody's. The rest begins first, so that nothing that fails on the way to
    /// the end of the journey can lose it; a no that comes at the same time as a yes is one too.
    async fn deny(
        &self,
        held: &mut Held,
        name: &PromptName,
        road: Road,
    ) -> Result<Made, StoreError> {
        match road {
            Road::Browser => self.refuse_for(held, name, Refusal::Denied).await,
            Road::Reference => {
                self.begin_rest(&held.journey).await;
                self.end(held, Refusal::Denied, Heard::No, |journey| awaits(journey, name)).await
            }
        }
    }

    /// The authenticator is out: the others of its step may still be answered, else the next step
    /// begins. Where there is none, the journey ends by `otherwise`.
    async fn go_without(
        &self,
        held: &mut Held,
        attempt: &Attempt,
        otherwise: Refusal,
    ) -> Result<Made, StoreError> {
        let now = self.clock.now();
        let made = self
            .make_in_chain(held, |chain: &Chain| {
                chain_moves::without(chain, &attempt.prompt, Ending::Undelivered, now)
            })
            .await?;
        if matches!(made, Made::From(_)) {
            self.step_if_nobody_is_asked(held, otherwise).await?;
        }
        Ok(made)
    }

    /// Notes how the prompts of a step have ended. Of several the one that was answered counts: the
    /// others were not needed. Nobody can answer for an unknown number, and anybody can name one: it
    /// does not count.
    pub(crate) fn note_history(&self, before: &Journey, answered: Option<&PromptName>) {
        let Some((subject, chain)) = challenged(before) else { return };
        if subject.subscriber.is_none() {
            return;
        }
        let now = self.clock.now();
        match answered {
            Some(name) => self.history.note(&name.authenticator, true, now),
            None => {
                for prompt in &chain.live {
                    self.history.note(&prompt.authenticator, false, now);
                }
            }
        }
    }

    /// Takes back what is live beside the prompt that was answered.
    fn cancel_others(&self, before: &Journey, answered: &PromptName) {
        if let Some((subject, chain)) = challenged(before) {
            let others: Vec<_> =
                chain.live.iter().filter(|prompt| !answered.is(prompt)).cloned().collect();
            self.cancel_all(before, subject, &others);
        }
    }
}

/// Whether the prompt is still one to be answered.
fn awaits(journey: &Journey, name: &PromptName) -> bool {
    challenged(journey).is_some_and(|(_, chain)| chain.live.iter().any(|p| name.is(p)))
}

fn too_late(held: Held) -> Settled {
    Settled::TooLate(Some(held.versioned()))
}
