//! Entries in the ledger of a number (T-106).
//!
//! What keeps somebody from prompting must be entered before anything is sent, and a ledger that
//! cannot be written stops the start. What is entered afterwards cannot undo an answer: a failure is
//! logged, and the entry runs into the end of its journey by itself.

use std::time::Duration;

use fiador_domain::{
    journey::{Journey, Refusal, Subject},
    prompting::{Ledger, Prompting},
};
use fiador_kernel::{Digest, JourneyId, Timestamp};
use fiador_ports::{StartError, StoreError};

use crate::{
    Router,
    held::{Held, challenged},
    outcome,
};

impl Router {
    /// Enters a journey that is about to prompt. Those that the same browser has live already are to
    /// end when it has.
    pub(crate) async fn enter_ledger(
        &self,
        held: &Held,
        subject: &Subject,
    ) -> Result<Vec<Prompting>, StartError> {
        let (now, limits, next) = (self.clock.now(), &self.settings.prompts, prompting(held));
        if let Some(wait) = self.rest_left(&held.journey, subject).await? {
            return Err(held_back(&held.journey, wait));
        }
        let begin = |ledger: &mut Ledger| ledger.begin(next.clone(), limits, now);
        let entered = self.write_ledger(subject.msisdn_index, begin).await?;
        entered.map_err(|wait| held_back(&held.journey, wait))
    }

    /// Enters that a journey is about to prompt once more; when.
    pub(crate) async fn renew_in_ledger(
        &self,
        held: &Held,
        subject: &Subject,
    ) -> Result<Timestamp, StartError> {
        let (now, limits, next) = (self.clock.now(), &self.settings.prompts, prompting(held));
        let renew = |ledger: &mut Ledger| ledger.renew(next.clone(), limits, now);
        let entered = self.write_ledger(subject.msisdn_index, renew).await?;
        entered.map(|()| now).map_err(|wait| held_back(&held.journey, wait))
    }

    /// The prompt that was entered as sent again at `at` has not left.
    pub(crate) async fn leave_renewed(
        &self,
        journey: &JourneyId,
        subject: &Subject,
        at: Timestamp,
    ) {
        self.note(subject.msisdn_index, |ledger| ledger.withdraw_renewed(journey, at)).await;
    }

    /// No prompt of the journey has left.
    pub(crate) async fn leave_ledger(&self, journey: &JourneyId, subject: &Subject) {
        self.note(subject.msisdn_index, |ledger| ledger.withdraw(journey)).await;
    }

    /// The subscriber has proven to be there.
    pub(crate) async fn note_answered(&self, journey: &JourneyId, subject: &Subject) {
        self.note(subject.msisdn_index, |ledger| ledger.end_answered(journey)).await;
    }

    /// The journey is over, and nobody has proven anything. Of one that asked nobody there is no
    /// entry.
    pub(crate) async fn note_unanswered(&self, before: &Journey) {
        let Some((subject, chain)) = challenged(before) else { return };
        if !chain.has_asked() {
            return self.leave_ledger(&before.id, subject).await;
        }
        let (now, limits) = (self.clock.now(), &self.settings.prompts);
        self.note(subject.msisdn_index, |ledger| {
            ledger.end_unanswered(&before.id, limits, now);
        })
        .await;
    }

    /// Whoever holds the phone has said no: the client rests (T-109).
    pub(crate) async fn note_turned_down(&self, before: &Journey) {
        let Some((subject, _)) = challenged(before) else { return };
        let (now, limits) = (self.clock.now(), &self.settings.prompts);
        self.note(subject.msisdn_index, |ledger| {
            ledger.turn_down(&before.id, &before.ask.client, limits, now);
        })
        .await;
    }

    /// A prompt has left, and the journey does not know of it.
    pub(crate) async fn note_forgotten(&self, journey: &JourneyId, subject: &Subject) {
        let (now, limits) = (self.clock.now(), &self.settings.prompts);
        self.note(subject.msisdn_index, |ledger| ledger.end_unanswered(journey, limits, now)).await;
    }

    /// Ends the older journeys of the browser whose newer one has prompted. One that has its proof
    /// already is nobody's rival, even if the ledger has not heard of it.
    pub(crate) async fn end_replaced(
        &self,
        replaced: &[Prompting],
        subject: &Subject,
    ) -> Result<(), StoreError> {
        for older in replaced {
            if let Some(mut held) = self.read(older.handle).await? {
                let is_asking = |journey: &Journey| challenged(journey).is_some();
                self.refuse_if(&mut held, Refusal::TimedOut, is_asking).await?;
            }
            self.note_forgotten(&older.journey, subject).await;
        }
        Ok(())
    }

    async fn note(&self, msisdn: Digest, entry: impl Fn(&mut Ledger)) {
        let written = self.write_ledger(msisdn, |ledger| {
            entry(ledger);
            Ok::<_, Duration>(())
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "the ledger of a number could not be written");
        }
    }

    /// Writes an entry by compare-and-set; a refused one is not written.
    async fn write_ledger<T>(
        &self,
        msisdn: Digest,
        entry: impl Fn(&mut Ledger) -> Result<T, Duration>,
    ) -> Result<Result<T, Duration>, StoreError> {
        loop {
            let read = self.ledgers.read(msisdn, self.clock.now()).await?;
            let mut ledger = read.ledger.clone();
            let entered = match entry(&mut ledger) {
                Ok(entered) if ledger == read.ledger => return Ok(Ok(entered)),
                Ok(entered) => entered,
                Err(wait) => return Ok(Err(wait)),
            };
            let kept_until = ledger.forgettable_at(&self.settings.prompts);
            if self.ledgers.replace(msisdn, read.version, ledger, kept_until).await? {
                return Ok(Ok(entered));
            }
        }
    }
}

fn prompting(held: &Held) -> Prompting {
    let journey = &held.journey;
    Prompting {
        journey: journey.id.clone(),
        handle: held.handle,
        client: journey.ask.client.clone(),
        browser: journey.browser,
        until: journey.deadline(),
    }
}

fn held_back(journey: &Journey, wait: Duration) -> StartError {
    outcome::held_back();
    tracing::info!(
        journey = %journey.id, client_id = %journey.ask.client,
        "a number is not prompted so often"
    );
    StartError::BudgetExhausted(wait)
}
