//! Doing what is due: the next step after the wait, and the end of what nobody finishes.

use std::time::Duration;

use fiador_domain::journey::{Ending, Refusal};
use fiador_kernel::Digest;
use fiador_ports::StoreError;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    Router,
    chain_moves::{self, Due},
    held::Held,
    outcome,
};

/// Journeys that are looked at at the same time.
const PARALLEL: usize = 64;

/// A node looks at what is due this often at the most.
const SHORTEST_TICK: Duration = Duration::from_millis(1);

impl Router {
    /// Does what is due by itself, until `shutdown`. What this node forgets by ending is done by
    /// whoever comes for the journey.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(self.settings.tick.max(SHORTEST_TICK));
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
                self.step_now(held, Ending::Unanswered, Refusal::Unavailable).await?;
                self.catch_up(held).await
            }
            Some(Due::End) => {
                self.end_if_nobody_is_left(held, Refusal::Unavailable).await.map(|_| ())
            }
            Some(Due::Nothing) | None => Ok(()),
        }
    }
}
