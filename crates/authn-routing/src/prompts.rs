//! Prompts that are answered by another road than the waiting browser.

use std::sync::{Arc, Weak};

use async_trait::async_trait;
use fiador_domain::journey::Delivery;
use fiador_kernel::Digest;
use fiador_ports::{Answer, DeliveryReports, Pending, Prompts, Road, Settled, StoreError};

use crate::{
    Router,
    chain_moves::Addressed,
    held::{Held, challenged},
};

#[async_trait]
impl Prompts for Router {
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError> {
        let now = self.clock.now();
        let Some(found) = self.journeys.find_by_reference(reference, now).await? else {
            return Ok(None);
        };
        let journey = found.versioned.journey;
        let prompt = challenged(&journey)
            .filter(|_| !journey.is_overdue(now))
            .and_then(|(_, chain)| chain.prompt_with(reference))
            .cloned();
        Ok(prompt.map(|prompt| Pending { journey, prompt }))
    }

    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError> {
        let found = self.journeys.find_by_reference(reference, self.clock.now()).await?;
        let Some(found) = found else { return Ok(Settled::TooLate(None)) };
        let held = Held::new(found.handle, found.versioned);
        let answer = Answer { road: Road::Reference, ..answer.clone() };
        self.settle(held, Addressed::With(reference), &answer).await
    }

    async fn report(&self, reference: Digest, delivery: Delivery) -> Result<(), StoreError> {
        self.note_delivery(reference, delivery).await
    }
}

/// The prompts of a [`Router`]. Once it is gone, nothing is found and nothing can be answered.
pub struct RouterPrompts {
    router: Weak<Router>,
}

impl RouterPrompts {
    pub(crate) fn of(router: &Arc<Router>) -> Self {
        Self { router: Arc::downgrade(router) }
    }
}

#[async_trait]
impl Prompts for RouterPrompts {
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError> {
        let Some(router) = self.router.upgrade() else { return Ok(None) };
        Prompts::find(&*router, reference).await
    }

    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError> {
        let Some(router) = self.router.upgrade() else { return Ok(Settled::TooLate(None)) };
        Prompts::answer(&*router, reference, answer).await
    }

    async fn report(&self, reference: Digest, delivery: Delivery) -> Result<(), StoreError> {
        let Some(router) = self.router.upgrade() else { return Ok(()) };
        router.note_delivery(reference, delivery).await
    }
}

#[async_trait]
impl DeliveryReports for RouterPrompts {
    async fn report(&self, tracking: Digest, delivery: Delivery) {
        if let Err(error) = Prompts::report(self, tracking, delivery).await {
            tracing::warn!(%error, "what became of a message could not be noted");
        }
    }
}
