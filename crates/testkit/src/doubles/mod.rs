//! Ports in memory that keep the promises of the real ones, for the tests of streets.
//!
//! A double stands here when several crates need the very same one. Doubles that play a part in
//! one crate's story (a phone, a bank, a store with everything in it) stay in its `tests/it/world`.

mod fetch;
mod one_time;
mod subscribers;
mod vault;

pub use fetch::ScriptedFetch;
pub use one_time::OneTime;
pub use subscribers::{MemorySubscribers, active_subscriber};
pub use vault::OpenVault;
