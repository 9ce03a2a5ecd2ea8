//! Doing what is due: the next step after the wait, and the end of what nobody finishes.

use fiador_domain::journey::{Chain, Ending, Refusal};
use fiador_kernel::Digest;
use fiador_ports::{StartError, StoreError};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    Router,
    chain_moves::{self, Due},
    held::{Held, Made},
    outcome,
    walk::Walked,
};

/// Journeys that are looked at at the same time.
const PARALLEL: usize = 64;

impl Router {
    /// Does what is due by itself, until `shutdown`. What this node forgets by ending is done by
    /// whoever comes for the journey.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(self.settings.tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                _ = ticks.tick() => {}
                Some(()) = under_way.next() => {}
            }
            while under_way.len() < PARALLEL
                && let Some(handle) = self.due.take(self.clock.now())
            {
                under_way.push(self.look_at(handle));
            }
        }
        while under_way.next().await.is_some() {}
    }

    /// Does everything that is due now, and returns when it is done.
    pub async fn tick(&self) {
        let now = self.clock.now();
        while let Some(handle) = self.due.take(now) {
            self.look_at(handle).await;
        }
    }

    async fn look_at(&self, handle: Digest) {
        let looked = async {
            let Some(mut held) = self.read(handle).await? else { return Ok(()) };
            self.do_what_is_due(&mut held).await?;
            self.schedule(&held);
            Ok::<_, StoreError>(())
        };
        if let Err(error) = looked.await {
            tracing::warn!(%error, "what is due for a journey could not be done; it is tried again");
            self.due.schedule(handle, self.new_claim());
        }
    }

    /// Ends a journey that is overdue, and starts the next step of one that has waited long enough.
    pub(crate) async fn do_what_is_due(&self, held: &mut Held) -> Result<(), StoreError> {
        if self.end_if_overdue(held).await? {
            return Ok(());
        }
        match held.challenged().map(|(_, chain)| chain_moves::due(chain, self.clock.now())) {
            Some(Due::Step) => {
                outcome::stepped("unanswered");
                self.step_now(held, Ending::Unanswered).await?;
                self.catch_up(held).await
            }
            Some(Due::End) => {
                self.end_if_nobody_is_left(held, Refusal::Unavailable).await.map(|_| ())
            }
            Some(Due::Nothing) | None => Ok(()),
        }
    }

    /// After a prompt is over: the next step, unless others of the same step are still asked.
    pub(crate) async fn step_if_nobody_is_asked(&self, held: &mut Held) -> Result<(), StoreError> {
        if held.challenged().is_some_and(|(_, chain)| chain.live.is_empty()) {
            outcome::stepped("gave_up");
            self.step_now(held, Ending::Undelivered).await?;
            self.catch_up(held).await?;
        }
        Ok(())
    }

    /// Starts the next step, unless somebody else is at it. A journey that nobody can be asked for
    /// any more ends.
    pub(crate) async fn step_now(&self, held: &mut Held, ending: Ending) -> Result<(), StoreError> {
        let (now, claim) = (self.clock.now(), self.new_claim());
        let take = |chain: &Chain| chain_moves::claimed(chain, now, claim);
        match self.make_in_chain(held, take).await? {
            Made::From(_) => {}
            Made::Unfit if held.challenged().is_some_and(|(_, chain)| chain.ahead.is_empty()) => {
                self.end_if_nobody_is_left(held, Refusal::Unavailable).await?;
                return Ok(());
            }
            Made::Unfit | Made::Gone => return Ok(()),
        }
        let reason = match self.walk(held, claim, ending, None).await? {
            Walked::Begun | Walked::Overtaken => return Ok(()),
            Walked::Nothing(_) => Refusal::Unavailable,
            Walked::MustWait(error) => match error {
                StartError::BudgetExhausted(wait) if self.can_wait(held, wait) => return Ok(()),
                StartError::LockedOut(wait) if self.can_wait(held, wait) => return Ok(()),
                StartError::BudgetExhausted(_) => Refusal::BudgetExhausted,
                StartError::LockedOut(_) => Refusal::LockedOut,
                _ => Refusal::Unavailable,
            },
        };
        self.end_if_nobody_is_left(held, reason).await.map(|_| ())
    }

    fn can_wait(&self, held: &Held, wait: std::time::Duration) -> bool {
        self.clock.now() + wait < held.journey.deadline()
    }
}
