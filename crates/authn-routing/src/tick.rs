//! Doing what is due: the next step after the wait, and the end of what nobody finishes.

use std::{collections::HashMap, time::Duration};

use fiador_domain::journey::{Ending, Refusal};
use fiador_kernel::Digest;
use fiador_ports::StoreError;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    Router,
    chain_moves::{self, Due},
    due::Lane,
    held::Held,
    outcome,
};

/// Journeys of one lane that are looked at at the same time.
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
        let mut places = HashMap::<Lane, usize>::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => break,
                _ = ticks.tick() => {}
                Some(lane) = under_way.next() => {
                    places.entry(lane).and_modify(|taken| *taken = taken.saturating_sub(1));
                }
            }
            let has_place =
                |lane, places: &HashMap<_, _>| places.get(&lane).is_none_or(|n| *n < PARALLEL);
            while let Some((handle, lane)) =
                self.due.take(self.clock.now(), |lane| has_place(lane, &places))
            {
                *places.entry(lane).or_default() += 1;
                under_way.push(async move {
                    self.look_at(handle, lane).await;
                    lane
                });
            }
        }
        while under_way.next().await.is_some() {}
    }

    /// Does everything that is due now, and returns when it is done.
    pub async fn tick(&self) {
        let now = self.clock.now();
        while let Some((handle, lane)) = self.due.take(now, |_| true) {
            self.look_at(handle, lane).await;
        }
    }

    async fn look_at(&self, handle: Digest, lane: Lane) {
        let looked = async {
            let Some(mut held) = self.read(handle).await? else {
                self.due.forget(handle);
                return Ok(());
            };
            if lane == Lane::ENDS {
                self.end_what_is_over(&mut held).await?;
            } else {
                self.do_what_is_due(&mut held).await?;
            }
            self.schedule(&held);
            Ok::<_, StoreError>(())
        };
        if let Err(error) = looked.await {
            tracing::warn!(%error, "what is due for a journey could not be done; it is tried again");
            self.due.put_off(handle, lane, self.new_claim());
        }
    }

    /// Ends a journey that is overdue, or that asks nobody and has nobody left. A step that is due all
    /// the same is listed in its own lane.
    async fn end_what_is_over(&self, held: &mut Held) -> Result<(), StoreError> {
        let now = self.clock.now();
        let is_overdue = self.end_if_overdue(held).await?;
        let due = held.challenged().map(|(_, chain)| chain_moves::due(chain, now));
        if !is_overdue && due == Some(Due::End) {
            self.end_if_nobody_is_left(held, Refusal::Unavailable).await?;
        }
        Ok(())
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
