//! Where journeys are kept while they are under way.

mod memory;
pub(crate) mod postgres;

pub use memory::MemoryJourneys;
