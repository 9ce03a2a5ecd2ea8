//! The ends without proof.

use fiador_domain::journey::{Journey, Refusal, Stage};
use fiador_kernel::Digest;
use fiador_ports::{StoreError, Versioned};

use crate::{
    Router,
    held::{Held, Made, challenged},
    outcome,
};

/// What is heard of whoever holds the phone when a journey ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Nothing: nobody answered, or somebody answered wrongly.
    Nothing,
    /// A no: the client rests.
    No,
    /// Nothing, because whoever waits in the browser did not wait for it: it says nothing of how the
    /// authenticators work.
    NotAwaited,
}

impl Router {
    /// Ends a journey, if it is not over yet.
    pub(crate) async fn refuse(
        &self,
        held: &mut Held,
        reason: Refusal,
    ) -> Result<Made, StoreError> {
        self.refuse_if(held, reason, |_| true).await
    }

    /// Ends a journey, if it still is what it is ended for.
    pub(crate) async fn refuse_if(
        &self,
        held: &mut Held,
        reason: Refusal,
        fits: impl Fn(&Journey) -> bool,
    ) -> Result<Made, StoreError> {
        self.end(held, reason, Heard::Nothing, fits).await
    }

    /// As [`refuse_if`](Self::refuse_if). What was heard is in the ledger before the audit log is
    /// written, which may fail.
    pub(crate) async fn end(
        &self,
        held: &mut Held,
        reason: Refusal,
        heard: Heard,
        fits: impl Fn(&Journey) -> bool,
    ) -> Result<Made, StoreError> {
        let at = self.clock.now();
        let end = |journey: &Journey| -> Option<Stage> {
            fits(journey).then(|| journey.stage.clone().refuse(reason, at).ok())?
        };
        let made = self.make(held, end).await?;
        if let Made::From(before) = &made {
            self.due.forget(held.handle);
            self.cancel_live(before);
            if heard != Heard::NotAwaited {
                self.note_history(before, None);
            }
            match heard {
                Heard::No => self.note_turned_down(before).await,
                Heard::Nothing | Heard::NotAwaited => self.note_unanswered(before).await,
            }
            outcome::refused(before, reason);
            self.audit.append(before.refusal_event(reason, at)).await?;
        }
        Ok(made)
    }

    /// Ends a journey that asks nobody and has nobody left to ask.
    pub(crate) async fn end_if_nobody_is_left(
        &self,
        held: &mut Held,
        reason: Refusal,
    ) -> Result<Made, StoreError> {
        self.refuse_if(held, reason, |journey| {
            challenged(journey).is_some_and(|(_, chain)| chain.live.is_empty())
        })
        .await
    }

    /// Whoever waits in the browser gives up.
    pub(crate) async fn give_up(&self, handle: Digest) -> Result<Option<Versioned>, StoreError> {
        let Some(mut held) = self.read(handle).await? else { return Ok(None) };
        let overdue = held.journey.is_overdue(self.clock.now());
        let (reason, heard) = if overdue {
            (Refusal::TimedOut, Heard::Nothing)
        } else {
            (Refusal::Denied, Heard::NotAwaited)
        };
        Ok(match self.end(&mut held, reason, heard, |_| true).await? {
            Made::From(_) | Made::Unfit => Some(held.versioned()),
            Made::Gone => None,
        })
    }
}
