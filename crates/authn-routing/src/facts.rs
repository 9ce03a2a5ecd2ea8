//! The choice of a chain: what policy decides on.

use fiador_domain::{
    journey::{ChainStep, Journey, Subject},
    routing::{Need, Unserved, route},
};
use fiador_ports::{Known, StoreError};

use crate::Router;

impl Router {
    /// The chain for an identified journey.
    pub(crate) async fn choose(
        &self,
        journey: &Journey,
        _subject: &Subject,
        _known: Known<'_>,
    ) -> Result<Result<Vec<ChainStep>, Unserved>, StoreError> {
        let need = Need::of(&journey.ask, &journey.origin, journey.browser.is_some());
        Ok(route(need, &self.adaptors.candidates()).map(|route| route.chain))
    }
}
