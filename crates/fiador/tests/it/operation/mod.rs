//! What an operator does with the gateway.

mod admin;
mod apps;
mod brands;
mod configuration;
mod documents;
mod drain;
mod egress;
mod keys;
mod metadata;
mod operators;
mod probes;
mod routing;
mod routing_gate;
mod secrets;
mod tls;
