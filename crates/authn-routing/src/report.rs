//! What became of messages.

use fiador_domain::journey::{Chain, Delivery, Ending, Refusal};
use fiador_kernel::Digest;
use fiador_ports::StoreError;

use crate::{
    Router, chain_moves,
    held::{Held, Made},
    outcome,
};

impl Router {
    /// Notes a report. When every message of a step is lost, the next step begins at once (T-131).
    /// Without one, the prompt stays as it is: reports may be wrong, the user may ask again, and a
    /// number that gets no message because it is unknown has no reports either (T-048).
    pub(crate) async fn note_delivery(
        &self,
        reference: Digest,
        delivery: Delivery,
    ) -> Result<(), StoreError> {
        if let Some(held) = self.find_held(reference).await? {
            return self.note_in(held, reference, delivery).await;
        }
        self.early_reports.keep(reference, delivery, self.clock.now());
        // The prompt may have been kept between the look and the report's keeping, so that neither
        // has seen the other.
        let Some(held) = self.find_held(reference).await? else { return Ok(()) };
        self.early_reports.take(reference, self.clock.now());
        self.note_in(held, reference, delivery).await
    }

    async fn find_held(&self, reference: Digest) -> Result<Option<Held>, StoreError> {
        let found = self.journeys.find_by_reference(reference, self.clock.now()).await?;
        Ok(found.map(|found| Held::new(found.handle, found.versioned)))
    }

    async fn note_in(
        &self,
        mut held: Held,
        reference: Digest,
        delivery: Delivery,
    ) -> Result<(), StoreError> {
        let note = |chain: &Chain| chain_moves::reported(chain, reference, delivery);
        if matches!(self.make_in_chain(&mut held, note).await?, Made::From(_)) {
            self.catch_up(&mut held).await?;
        }
        Ok(())
    }

    /// Notes what was reported of new prompts before they were kept, and goes on at once when no
    /// message of the step will arrive.
    pub(crate) async fn catch_up(&self, held: &mut Held) -> Result<(), StoreError> {
        // Each turn but the last takes a step of the chain.
        loop {
            let references: Vec<_> = held.journey.references().collect();
            for reference in references {
                if let Some(delivery) = self.early_reports.take(reference, self.clock.now()) {
                    let note = |chain: &Chain| chain_moves::reported(chain, reference, delivery);
                    self.make_in_chain(held, note).await?;
                }
            }
            let lost = held.challenged().filter(|(_, chain)| chain_moves::is_lost(chain));
            let Some(left) = lost.map(|(_, chain)| chain.ahead.len()) else { return Ok(()) };
            outcome::stepped("undelivered");
            self.step_now(held, Ending::Undelivered, Refusal::Unavailable).await?;
            if held.challenged().is_none_or(|(_, chain)| chain.ahead.len() >= left) {
                return Ok(());
            }
        }
    }
}
