//! Where journeys are kept while they are under way.
//!
//! Anybody can start journeys, so the bound on them must not become a way to lock others out
//! (T-263): when it is reached, the start that expires first makes room for the next.
//!
//! Both keepers follow the references of live prompts by themselves, and check what they lead to
//! against the journey itself: what is not live any more leads nowhere.

mod memory;
pub(crate) mod postgres;
mod watchers;

use fiador_domain::journey::{Journey, Stage};

pub use memory::MemoryJourneys;

/// Whether nobody loses more than a click by it: no phone was reached yet, or all is over. Somebody
/// may hold a phone with the code of any other.
const fn is_evictable(journey: &Journey) -> bool {
    matches!(journey.stage, Stage::Received | Stage::Identified { .. }) || journey.stage.is_final()
}
