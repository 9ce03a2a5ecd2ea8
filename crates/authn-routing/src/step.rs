//! The next step by itself: after a wait, a loss, or an authenticator that is out.

use fiador_domain::journey::{Chain, Ending, Refusal};
use fiador_ports::StoreError;

use crate::{
    Router, chain_moves,
    held::{Held, Made},
    outcome,
    walk::Walked,
};

impl Router {
    /// After a prompt is over: the next step, unless others of the same step are still asked.
    pub(crate) async fn step_if_nobody_is_asked(
        &self,
        held: &mut Held,
        otherwise: Refusal,
    ) -> Result<(), StoreError> {
        if held.challenged().is_some_and(|(_, chain)| chain.live.is_empty()) {
            outcome::stepped("gave_up");
            self.step_now(held, Ending::Undelivered, otherwise).await?;
            self.catch_up(held).await?;
        }
        Ok(())
    }

    /// Starts the next step, unless somebody else is at it. A journey that nobody can be asked for
    /// any more ends, by `otherwise` if nobody else was tried.
    pub(crate) async fn step_now(
        &self,
        held: &mut Held,
        ending: Ending,
        otherwise: Refusal,
    ) -> Result<(), StoreError> {
        let (now, claim) = (self.clock.now(), self.new_claim());
        let take = |chain: &Chain| chain_moves::claimed(chain, now, claim);
        let reason = match self.make_in_chain(held, take).await? {
            Made::From(_) => match self.walk(held, claim, ending, None).await? {
                Walked::Begun | Walked::Overtaken => return Ok(()),
                Walked::Lost(error) => return Err(error),
                Walked::Nothing(_) => Refusal::Unavailable,
                Walked::MustWait(wait) if wait.ends_before(&held.journey, now) => return Ok(()),
                Walked::MustWait(wait) => wait.reason(),
            },
            Made::Unfit if held.challenged().is_some_and(|(_, chain)| chain.ahead.is_empty()) => {
                otherwise
            }
            Made::Unfit | Made::Gone => return Ok(()),
        };
        self.end_if_nobody_is_left(held, reason).await.map(|_| ())
    }
}
