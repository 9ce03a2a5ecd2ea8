//! "Use another way": the next step now.

use fiador_domain::journey::{Chain, Ending, Refusal};
use fiador_kernel::Digest;
use fiador_ports::{StartError, Versioned};

use crate::{Router, chain_moves, held::Made, outcome, walk::Walked};

impl Router {
    /// Two taps are one: whoever finds the step claimed gets the journey as it is.
    pub(crate) async fn pass_over(&self, handle: Digest) -> Result<Versioned, StartError> {
        let mut held = self.read(handle).await?.ok_or(StartError::NoJourney)?;
        let (now, claim) = (self.clock.now(), self.new_claim());
        if held.journey.is_overdue(now) {
            self.refuse(&mut held, Refusal::TimedOut).await?;
        }
        let take = |chain: &Chain| chain_moves::claimed(chain, now, claim);
        match self.make_in_chain(&mut held, take).await? {
            Made::From(_) => {}
            Made::Unfit => return Ok(held.versioned()),
            Made::Gone => return Err(StartError::NoJourney),
        }
        outcome::stepped("passed_over");
        match self.walk(&mut held, claim, Ending::PassedOver, None).await? {
            Walked::Begun => {
                self.catch_up(&mut held).await?;
                Ok(held.versioned())
            }
            Walked::Overtaken => Ok(held.versioned()),
            Walked::Lost(error) => Err(error.into()),
            Walked::MustWait(wait) => Err(wait.into()),
            Walked::Nothing(error) => {
                self.end_if_nobody_is_left(&mut held, Refusal::Unavailable).await?;
                Err(error)
            }
        }
    }
}
