//! The rest of a client that a subscriber has turned down (T-106, T-109).
//!
//! The ledger of a number lives with the journeys, and a restart may lose both. A denial is rare and
//! must not be lost, or whoever was turned down prompts again at once: it is kept where budgets are,
//! durably and for all nodes.

use std::time::Duration;

use fiador_domain::{
    journey::{Journey, Subject},
    quota::Limit,
};
use fiador_kernel::Digest;
use fiador_ports::{Reservation, Spend, StoreError};

use crate::{Router, held::challenged};

impl Router {
    /// The client rests from now on. A failure does not stop the denial, which the ledger has to be
    /// told of too.
    pub(crate) async fn begin_rest(&self, journey: &Journey) {
        let Some(rest) = challenged(journey).and_then(|(subject, _)| self.rest(journey, subject))
        else {
            return;
        };
        if let Err(error) = self.budgets.record(rest, self.clock.now()).await {
            tracing::warn!(
                journey = %journey.id, client_id = %journey.ask.client, %error,
                "the rest of a client that was turned down could not be kept; a restart forgets it"
            );
        }
    }

    /// How long the client of a journey has to rest yet; `None`: it may prompt.
    pub(crate) async fn rest_left(
        &self,
        journey: &Journey,
        subject: &Subject,
    ) -> Result<Option<Duration>, StoreError> {
        let Some(rest) = self.rest(journey, subject) else { return Ok(None) };
        Ok(match self.budgets.check(&rest, self.clock.now()).await? {
            Reservation::Granted => None,
            Reservation::Refused { exhausted, .. } => Some(exhausted.retry_after),
        })
    }

    /// One denial uses up the budget of a client for a number; `None` where no client rests.
    fn rest(&self, journey: &Journey, subject: &Subject) -> Option<Spend> {
        let window = self.settings.prompts.rest;
        let client = Digest::of(journey.ask.client.as_str());
        (!window.is_zero()).then(|| Spend {
            key: format!("prompt_rest:{}:{}", subject.msisdn_index.to_hex(), client.to_hex()),
            limits: vec![Limit { count: 1, window }],
        })
    }
}
