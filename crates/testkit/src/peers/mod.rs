//! Message centres that other people wrote, driven by scripts in `tests-e2e/peers`.
//!
//! Two independent implementations keep us honest about SMPP 3.4: what only our own centre
//! understands is a bug. They run as child processes and tell what they see as JSON lines.

mod behaviour;
mod event;
mod message_centre;

pub use behaviour::{Behaviour, MobileOriginated, Tls};
pub use event::{Event, Submit};
pub use message_centre::MessageCentre;
