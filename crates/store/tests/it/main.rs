//! One contract, two keepers: every test of the contract runs on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by its panic; clippy's allowance ends at `#[test]`"
)]

#[macro_use]
mod fixture;

mod applications;
mod audit;
mod budgets;
mod clock;
mod consents;
mod crash;
mod deactivation;
mod deadlines;
mod growth;
mod journeys;
mod keys;
mod logout;
mod nodes;
mod open;
mod operator_keys;
mod other_versions;
mod outage;
mod pending;
mod prompt_ledgers;
mod prompts;
mod pseudonyms;
mod redemption;
mod refresh_tokens;
mod requested_claims;
mod revocations;
mod routing_policies;
mod routing_records;
mod sample;
mod sessions;
mod silent_link;
mod statements;
mod subscribers;
mod used_assertions;
mod waiting;
