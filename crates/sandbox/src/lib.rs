//! The simulated outside of the gateway: phones, a message centre, a demo service provider, and a
//! page that shows all of them beside the wire trace.
//!
//! The gateway itself is the real one, reached over real HTTP, and it reaches the phones by real
//! SMPP; only the radio is simulated. `fiador sandbox` wires this crate to it. The machine contract
//! (one JSON line, the control API) is documented in `docs/reference/sandbox.md` and stable.

mod application;
mod control;
mod decisions;
mod demo;
mod inbox;
mod message_centre;
mod page;
mod person;
mod phone;
mod seed;
mod text;
mod trace;

pub use application::{Application, OTHER_OPERATOR, OWN_OPERATOR, applications};
pub use control::control_api;
pub use demo::{Demo, GatewayAddress, Outcome};
pub use inbox::{Inboxes, Message};
pub use message_centre::{CentreError, MessageCentreServer};
pub use page::{Page, routes as page_routes};
pub use person::Person;
pub use phone::{AUTO_CODE, Phone, phones};
pub use seed::Seed;
pub use trace::{Lane, Line, Trace, record};
