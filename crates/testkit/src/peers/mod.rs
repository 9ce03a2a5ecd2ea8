//! Programs that other people wrote and that the gateway meets: message centres, driven by scripts in
//! `tests-e2e/peers`, a message gateway behind HTTP, and a web server that is a relying party.
//!
//! Two independent centres keep us honest about SMPP 3.4: what only our own centre understands is a
//! bug. They run as child processes and tell what they see as JSON lines.

pub mod apache;
mod authenticator;
mod behaviour;
mod event;
pub mod kannel;
mod message_centre;
mod provider;

pub use apache::Apache;
pub use authenticator::ExampleAuthenticator;
pub use behaviour::{Behaviour, MessageIds, MobileOriginated, Tls};
pub use event::{Event, Submit};
pub use kannel::Kannel;
pub use message_centre::MessageCentre;
pub use provider::{OpenIdProvider, Person};
