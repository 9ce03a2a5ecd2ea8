//! Inner ids of codes that were exchanged.

use std::collections::HashSet;

use fiador_kernel::{GrantId, Timestamp};

use crate::{connection::Connection, failure::Failure, query::query, sql::statements};

statements! {
    rows SPEND = "INSERT INTO spent_codes (grant_id, expires_at) VALUES", 2,
        "ON CONFLICT (grant_id) DO NOTHING RETURNING grant_id";
    rows FIND = "SELECT grant_id FROM spent_codes WHERE grant_id IN (VALUES", 1, ")";
}

/// Spends codes by conditional writes (T-240). Returns those that were not spent before; of equal
/// ones among `codes`, the id is returned once.
pub(crate) async fn spend(
    connection: &mut Connection,
    mut codes: Vec<(&GrantId, Timestamp)>,
) -> Result<HashSet<String>, Failure> {
    codes.sort_by_key(|(grant, _)| *grant);
    let mut fresh = HashSet::new();
    for (text, piece) in SPEND.filled(&codes) {
        let rows: Vec<(String,)> = connection
            .all(&piece.fold(query(text), |query, (grant, expires_at)| {
                query.bind(grant.as_str()).bind(expires_at.as_micros())
            }))
            .await?;
        fresh.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(fresh)
}

/// Those of the codes that were spent.
pub(crate) async fn find(
    connection: &mut Connection,
    codes: &[&GrantId],
) -> Result<HashSet<String>, Failure> {
    let mut spent = HashSet::new();
    for (text, piece) in FIND.filled(codes) {
        let rows: Vec<(String,)> = connection
            .all(&piece.fold(query(text), |query, grant| query.bind(grant.as_str())))
            .await?;
        spent.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(spent)
}
