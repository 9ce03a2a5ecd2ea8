//! Where it is kept how often each number was prompted (T-106).
//!
//! Beside journeys, and lost only with them: whoever lost both begins anew, and no prompt is live.

mod memory;
pub(crate) mod postgres;

pub use memory::MemoryPromptLedgers;
