//! From what a foreign authenticator reports to what may be claimed.
//!
//! The authenticator reports facts, a table of the operator says what they are worth, and the class of
//! the authenticator limits the table: ceilings are constants (T-101).

mod class;
mod fact;
mod table;

pub use class::Class;
pub use fact::Fact;
pub use table::{EvidenceError, EvidenceRow, EvidenceTable};
