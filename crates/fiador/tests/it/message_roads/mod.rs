//! Messages by other roads than SMPP: gateways over HTTP, fail-over between roads, and what gateways
//! tell of deliveries.

mod configuration;
mod logins;
mod notices;
mod peer;
mod refusals;
