//! The one accept loop of the gateway: TCP, optional TLS, HTTP/1.1 and HTTP/2.
//!
//! `axum::serve` gives no say over TLS, head limits, slow clients or HTTP/2 abuse, so the loop is
//! written out here, once, and every listener (public, admin, internal, metrics) is a [`Bound`].

mod bound;
mod connection;
mod edge;
pub mod framing;
mod pace;
mod settings;
mod stream;
mod tide;

pub use bound::{BindError, Bound, Drained};
pub use settings::ListenerSettings;
