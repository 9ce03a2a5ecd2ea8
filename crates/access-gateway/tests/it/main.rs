//! The Access Gateway from outside: HTTP in, HTTP out, fakes behind the ports.
#![cfg(test)]

mod attributes;
mod bearer;
mod consent;
mod limit;
mod refusals;
mod world;
