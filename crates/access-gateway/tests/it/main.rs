//! The Access Gateway from outside: HTTP in, HTTP out, fakes behind the ports.
#![cfg(test)]

mod attributes;
mod bearer;
mod consent;
mod envelopes;
mod individual_claims;
mod limit;
mod matching;
mod refusals;
mod takeover;
mod verified_number;
mod world;
