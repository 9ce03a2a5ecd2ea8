//! Data Gateway: attributes of subscribers, collected from the sources that have them.
//!
//! A question names the claims that may leave and nothing else (T-200). Sources stand in order of
//! precedence: each claim is asked of the first source that offers it, of all sources at once
//! where their claims differ, and of the next source only when that one had no answer. Every
//! source has 800 ms, a circuit breaker of its own, and the schema of the claims between itself
//! and the answer (T-202). A source cannot name a subject, an issuer or a claim nobody asked for
//! (T-201).
//!
//! [`SubscriberTable`] and [`HttpSource`] are sources; a connector for SQL or LDAP is a new
//! [`fiador_ports::AttributeSource`] and a line of wiring.

mod collect;
mod gateway;
mod http_source;
pub mod schema;
mod source;
mod subscriber_table;

pub use fiador_domain::breaker::BreakerSettings;
pub use gateway::{DataGateway, Settings};
pub use http_source::{HttpSource, HttpSourceError, HttpSourceSettings};
pub use subscriber_table::SubscriberTable;
