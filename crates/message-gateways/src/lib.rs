//! Message gateways over HTTP, and several routes for messages behind one door.
mod request;
pub mod template;
