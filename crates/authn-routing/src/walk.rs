//! Going on: from a claim to the prompts of the next step that can be started.

use std::time::Duration;

use fiador_domain::journey::{Chain, Ending, Journey, Refusal};
use fiador_kernel::{AuthenticatorId, Msisdn, Timestamp};
use fiador_ports::{StartError, StoreError};

use crate::{
    Router, chain_moves,
    held::{Held, Made},
    start_group::{Group, NoGroup},
};

/// What came of it.
#[derive(Debug)]
pub(crate) enum Walked {
    /// A step has begun.
    Begun,
    /// No step is left that can be started, and why. What was live still is.
    Nothing(StartError),
    /// The next step may begin later: a budget or a lock-out belongs to the subscription, and another
    /// authenticator must not be a way around it (T-104).
    MustWait(Wait),
    /// The journey has moved on meanwhile: it was answered, or it is over.
    Overtaken,
    /// Prompts have left, and the store did not say that the journey knows of them. They are taken
    /// back.
    Lost(StoreError),
}

/// What a step waits for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wait {
    ForBudget(Duration),
    ForLockOut(Duration),
}

impl Wait {
    /// At least a second: whoever is told to wait is not asked again at once.
    fn time(self) -> Duration {
        let (Self::ForBudget(wait) | Self::ForLockOut(wait)) = self;
        wait.max(Duration::from_secs(1))
    }

    /// Whether the step may begin before the journey is over.
    pub(crate) fn ends_before(self, journey: &Journey, now: Timestamp) -> bool {
        now + self.time() < journey.deadline()
    }

    /// What ends a journey that cannot wait so long.
    pub(crate) const fn reason(self) -> Refusal {
        match self {
            Self::ForBudget(_) => Refusal::BudgetExhausted,
            Self::ForLockOut(_) => Refusal::LockedOut,
        }
    }
}

impl From<Wait> for StartError {
    fn from(wait: Wait) -> Self {
        match wait {
            Wait::ForBudget(time) => Self::BudgetExhausted(time),
            Wait::ForLockOut(time) => Self::LockedOut(time),
        }
    }
}

impl Router {
    /// How long a claim stands: longer than a step may take to start.
    pub(crate) fn new_claim(&self) -> Timestamp {
        self.clock.now() + self.settings.start_timeout * 3
    }

    /// Starts the next step, or the first one after it that can be started. The caller has made the
    /// claim. `ending`: what the prompts that are live until then end by.
    pub(crate) async fn walk(
        &self,
        held: &mut Held,
        mut claim: Timestamp,
        ending: Ending,
        number: Option<&Msisdn>,
    ) -> Result<Walked, StoreError> {
        let mut refusal = None;
        loop {
            let Some((subject, chain)) = held.challenged() else { return Ok(Walked::Overtaken) };
            let Some(step) = chain.ahead.first() else {
                let next_at = chain.next_at;
                self.release(held, claim, next_at, &[]).await?;
                return Ok(Walked::Nothing(refusal.unwrap_or(StartError::Unavailable)));
            };
            match self.start_group(&held.journey, subject, chain, step, number).await {
                Ok(group) => return self.begin_step(held, claim, ending, group).await,
                Err(NoGroup { error: StartError::Store(error), not_started }) => {
                    let lost = not_started.iter().any(|(_, ending)| *ending != Ending::NotStarted);
                    return if lost { Ok(Walked::Lost(error)) } else { Err(error) };
                }
                Err(NoGroup { error: StartError::BudgetExhausted(wait), not_started }) => {
                    let wait = Wait::ForBudget(wait);
                    return self.wait_for_step(held, claim, wait, &not_started).await;
                }
                Err(NoGroup { error: StartError::LockedOut(wait), not_started }) => {
                    let wait = Wait::ForLockOut(wait);
                    return self.wait_for_step(held, claim, wait, &not_started).await;
                }
                Err(NoGroup { error, not_started }) => {
                    // When they disagree, "not now" is the answer: a later try may succeed.
                    if refusal != Some(StartError::Unavailable) {
                        refusal = Some(error);
                    }
                    let (now, renewed) = (self.clock.now(), self.new_claim());
                    let skip = |chain: &Chain| {
                        chain_moves::skipped(chain, claim, renewed, &not_started, now)
                    };
                    let Made::From(_) = self.make_in_chain(held, skip).await? else {
                        return Ok(Walked::Overtaken);
                    };
                    claim = renewed;
                }
            }
        }
    }

    async fn begin_step(
        &self,
        held: &mut Held,
        claim: Timestamp,
        ending: Ending,
        group: Group,
    ) -> Result<Walked, StoreError> {
        let now = self.clock.now();
        let begin = |chain: &Chain| {
            chain_moves::begun(chain, claim, &group.prompts, &group.not_started, ending, now)
        };
        let made = self.make_in_chain(held, begin).await;
        let Ok(Made::From(before)) = made else {
            // What has just left is answered by nobody any more.
            self.cancel_all(&held.journey, &group.subject, &group.prompts);
            return Ok(made.map_or_else(Walked::Lost, |_| Walked::Overtaken));
        };
        self.cancel_live(&before);
        self.note_history(&before, None);
        self.schedule(held);
        Ok(Walked::Begun)
    }

    /// Gives the claim back. Without a prompt to be answered meanwhile the step is tried again by
    /// itself when it may be, and so it is behind a prompt whose time is over.
    async fn wait_for_step(
        &self,
        held: &mut Held,
        claim: Timestamp,
        wait: Wait,
        not_started: &[(AuthenticatorId, Ending)],
    ) -> Result<Walked, StoreError> {
        let now = self.clock.now();
        let next_at = held.challenged().and_then(|(_, chain)| {
            let is_time = chain.next_at.map_or(chain.live.is_empty(), |at| at <= claim);
            if is_time { Some(now + wait.time()) } else { chain.next_at }
        });
        self.release(held, claim, next_at, not_started).await?;
        Ok(Walked::MustWait(wait))
    }

    async fn release(
        &self,
        held: &mut Held,
        claim: Timestamp,
        next_at: Option<Timestamp>,
        not_started: &[(AuthenticatorId, Ending)],
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let release =
            |chain: &Chain| chain_moves::released(chain, claim, next_at, not_started, now);
        self.make_in_chain(held, release).await?;
        self.schedule(held);
        Ok(())
    }
}
