//! Where journeys are kept while they are under way.
//!
//! Anybody can start journeys, so the bound on them must not become a way to lock others out
//! (T-263): when it is reached, the start that expires first makes room for the next.

mod memory;
pub(crate) mod postgres;

use fiador_domain::journey::{Journey, Stage};

pub use memory::MemoryJourneys;

/// Whether nobody loses more than a click by it: no phone was reached yet, or all is over. Somebody
/// may hold a phone with the code of any other.
const fn is_evictable(journey: &Journey) -> bool {
    matches!(journey.stage, Stage::Received | Stage::Identified { .. }) || journey.stage.is_final()
}
