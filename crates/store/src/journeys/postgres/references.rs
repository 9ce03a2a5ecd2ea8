//! Rows that lead from the reference of a prompt to its journey.

use fiador_domain::journey::Journey;
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::StoreError;

use crate::{
    pool::Pool,
    query::{Query, query},
    sql::statements,
};

statements! {
    const FIND = "SELECT journeys.handle, journeys.version, journeys.sealed \
            FROM journey_references JOIN journeys \
            ON journeys.handle = journey_references.handle \
            WHERE journey_references.reference = $1 AND journeys.expires_at > $2";
    // A journey is replaced more often than its prompts are: the same row again writes nothing.
    rows KEEP = "INSERT INTO journey_references (reference, handle, expires_at) VALUES", 3,
            "ON CONFLICT (reference) DO UPDATE SET handle = excluded.handle, \
            expires_at = excluded.expires_at \
            WHERE journey_references.handle <> excluded.handle \
            OR journey_references.expires_at <> excluded.expires_at";
}

/// Writes the rows of a journey that is about to be written: a link must not arrive before they are
/// there. If the journey is not written after all, or takes another form, they lead to a prompt that
/// is not live, which whoever reads them finds out; the reaper takes them.
pub(super) async fn keep(
    pool: &Pool,
    handle: &Digest,
    journey: &Journey,
) -> Result<(), StoreError> {
    let mut references: Vec<[u8; 32]> =
        journey.references().map(|reference| *reference.as_bytes()).collect();
    // One order on all nodes, and each once.
    references.sort_unstable();
    references.dedup();
    for (text, piece) in KEEP.exact(&references) {
        let rows = piece.iter().fold(query(text), |query, reference| {
            query
                .bind(reference.as_slice())
                .bind(handle.as_bytes().as_slice())
                .bind(journey.expires_at.as_micros())
        });
        pool.execute(&rows).await?;
    }
    Ok(())
}

/// Finds handle, version and sealed content of the journey that a row leads to.
pub(super) fn find(reference: &Digest, now: Timestamp) -> Query<'_> {
    query(FIND).bind(reference.as_bytes().as_slice()).bind(now.as_micros())
}
