//! One file per table: its statements, its writes, and the port it serves.

pub(crate) mod applications;
pub(crate) mod audit;
pub(crate) mod budgets;
pub(crate) mod consents;
pub(crate) mod deactivation;
pub(crate) mod epochs;
pub(crate) mod keys;
pub(crate) mod operator_keys;
pub(crate) mod pcrs;
pub(crate) mod reaper;
pub(crate) mod redemption;
pub(crate) mod refresh_families;
pub(crate) mod requested_claims;
pub(crate) mod revocations;
pub(crate) mod routing_policies;
pub(crate) mod routing_records;
pub(crate) mod sessions;
pub(crate) mod spent_codes;
pub(crate) mod subscribers;
pub(crate) mod used_assertions;

use crate::sql::Declared;

/// Every statement of the crate.
pub(crate) fn every_statement() -> impl Iterator<Item = &'static str> {
    let files = [
        applications::STATEMENTS,
        audit::STATEMENTS,
        budgets::STATEMENTS,
        consents::STATEMENTS,
        deactivation::STATEMENTS,
        epochs::STATEMENTS,
        keys::STATEMENTS,
        operator_keys::STATEMENTS,
        pcrs::STATEMENTS,
        reaper::STATEMENTS,
        refresh_families::STATEMENTS,
        requested_claims::STATEMENTS,
        routing_policies::STATEMENTS,
        routing_records::STATEMENTS,
        sessions::STATEMENTS,
        spent_codes::STATEMENTS,
        subscribers::STATEMENTS,
        used_assertions::STATEMENTS,
        crate::clock_guard::STATEMENTS,
        crate::journeys::postgres::STATEMENTS,
        crate::journeys::postgres::lookout::STATEMENTS,
        crate::journeys::postgres::places::STATEMENTS,
        crate::journeys::postgres::references::STATEMENTS,
        crate::ledgers::postgres::STATEMENTS,
        crate::migration::STATEMENTS,
    ];
    files
        .into_iter()
        .flatten()
        .flat_map(|declared| match declared {
            Declared::One(text) => std::slice::from_ref(text),
            Declared::Many(rows) => rows.texts(),
        })
        .copied()
}
