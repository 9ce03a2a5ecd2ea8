//! How often subscribers, clients, grants and pairs were ended (design: integer epochs).
//!
//! A pair is a subscriber and a client: withdrawing a consent ends the tokens of the two and of
//! nobody else. Its count is added to the client's wherever counts are read, so that tokens carry
//! one number for both: as counts only grow, a sum grows when either does.

use std::collections::HashMap;

use fiador_domain::token::Epochs;
use fiador_kernel::{ClientId, GrantId, SubscriberId, Timestamp};

use crate::{
    connection::{Connection, on},
    failure::Failure,
    shared::Shared,
    sql::statements,
    writer::transaction::Transaction,
};

statements! {
    const RAISE = "INSERT INTO epochs (kind, id, epoch, expires_at) VALUES ($1, $2, 1, NULL) \
             ON CONFLICT (kind, id) DO UPDATE SET epoch = epochs.epoch + 1 \
             RETURNING epoch";
    const LIST = "SELECT kind, id, epoch FROM epochs LIMIT $1";
    const REAP = "DELETE FROM epochs WHERE expires_at <= $1 AND kind = 'grant' AND id IN \
            (SELECT id FROM epochs WHERE expires_at <= $1 AND kind = 'grant' LIMIT $2) \
            RETURNING id";
    rows END_GRANTS = "INSERT INTO epochs (kind, id, epoch, expires_at) VALUES", 4,
        "ON CONFLICT (kind, id) DO NOTHING RETURNING id";
    rows FIND = "SELECT kind, id, epoch FROM epochs WHERE (kind, id) IN (VALUES", 2, ")";
}

/// What can be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EpochKind {
    Subscriber,
    Client,
    Grant,
    /// A subscriber and a client.
    Pair,
}

impl EpochKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Subscriber => "subscriber",
            Self::Client => "client",
            Self::Grant => "grant",
            Self::Pair => "pair",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Subscriber, Self::Client, Self::Grant, Self::Pair]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// One row's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EpochKey {
    pub(crate) kind: EpochKind,
    pub(crate) id: String,
}

impl EpochKey {
    pub(crate) fn subscriber(id: &SubscriberId) -> Self {
        Self { kind: EpochKind::Subscriber, id: id.as_str().to_owned() }
    }

    pub(crate) fn client(id: &ClientId) -> Self {
        Self { kind: EpochKind::Client, id: id.as_str().to_owned() }
    }

    pub(crate) fn grant(id: &GrantId) -> Self {
        Self { kind: EpochKind::Grant, id: id.as_str().to_owned() }
    }

    /// Ids contain no space, so the two cannot run into each other.
    pub(crate) fn pair(subscriber: &SubscriberId, client: &ClientId) -> Self {
        Self { kind: EpochKind::Pair, id: format!("{subscriber} {client}") }
    }
}

/// Whose counts are asked for.
pub(crate) struct Hung<'a> {
    pub(crate) subscriber: &'a SubscriberId,
    pub(crate) client: &'a ClientId,
    pub(crate) grant: &'a GrantId,
}

impl Hung<'_> {
    pub(crate) fn keys(&self) -> [EpochKey; 4] {
        [
            EpochKey::subscriber(self.subscriber),
            EpochKey::client(self.client),
            EpochKey::grant(self.grant),
            EpochKey::pair(self.subscriber, self.client),
        ]
    }
}

/// The counts of [`Hung::keys`] as tokens carry them.
pub(crate) fn epochs_of([subscriber, client, grant, pair]: [u32; 4]) -> Epochs {
    Epochs { subscriber, client: client.saturating_add(pair), grant }
}

/// The counts of many, inside a transaction: from memory where it speaks for the database.
pub(crate) async fn find_in(
    transaction: &mut Transaction<'_>,
    hung: &[Hung<'_>],
) -> Result<Vec<Epochs>, Failure> {
    let keys: Vec<[EpochKey; 4]> = hung.iter().map(Hung::keys).collect();
    let from_memory: Option<Vec<[u32; 4]>> =
        keys.iter().map(|keys| transaction.shared.epochs.counts(keys)).collect();
    let bumps = &transaction.changes.bumps;
    let counts = match from_memory {
        Some(counts) if bumps.is_empty() => counts,
        _ => find(transaction.connection, &keys).await?,
    };
    Ok(counts.into_iter().map(epochs_of).collect())
}

/// The counts of many keys, from the database.
pub(crate) async fn find(
    connection: &mut Connection,
    keys: &[[EpochKey; 4]],
) -> Result<Vec<[u32; 4]>, Failure> {
    let all: Vec<&EpochKey> = keys.iter().flatten().collect();
    let mut known: HashMap<(String, String), u32> = HashMap::new();
    for (text, piece) in FIND.filled(&all) {
        let rows: Vec<(String, String, i64)> = on!(&mut *connection, c => {
            let query = piece.fold(sqlx::query_as(text), |query, key| {
                query.bind(key.kind.as_str()).bind(key.id.as_str())
            });
            query.fetch_all(c).await
        })?;
        known.extend(rows.into_iter().map(|(kind, id, epoch)| ((kind, id), count(epoch))));
    }
    let lookup = |key: &EpochKey| {
        known.get(&(key.kind.as_str().to_owned(), key.id.clone())).copied().unwrap_or(0)
    };
    Ok(keys.iter().map(|keys| std::array::from_fn(|i| lookup(&keys[i]))).collect())
}

/// Everything that was ever ended, up to `limit` rows.
pub(crate) async fn list(
    connection: &mut Connection,
    limit: usize,
) -> Result<Vec<(EpochKey, u32)>, Failure> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, String, i64)> =
        on!(connection, c => sqlx::query_as(LIST).bind(limit).fetch_all(c).await)?;
    rows.into_iter()
        .map(|(kind, id, epoch)| {
            let kind = EpochKind::parse(&kind).ok_or(Failure::Item)?;
            Ok((EpochKey { kind, id }, count(epoch)))
        })
        .collect()
}

/// Ends everything that hangs on `key`. For subscribers, clients and pairs, which may be ended
/// again and whose counts are kept for ever.
pub(crate) async fn raise(transaction: &mut Transaction<'_>, key: EpochKey) -> Result<(), Failure> {
    let (epoch,): (i64,) = on!(&mut *transaction.connection, c => {
        sqlx::query_as(RAISE).bind(key.kind.as_str()).bind(key.id.as_str()).fetch_one(c).await
    })?;
    transaction.changes.bumps.insert(key, count(epoch));
    Ok(())
}

/// Ends grants; ending one again changes nothing. Returns the ids of those that were not ended
/// before. `expires_at`: until when the end must be remembered.
pub(crate) async fn end_grants(
    transaction: &mut Transaction<'_>,
    mut grants: Vec<(&GrantId, Timestamp)>,
) -> Result<Vec<String>, Failure> {
    grants.sort_by_key(|(grant, _)| *grant);
    let mut ended = Vec::new();
    for (text, piece) in END_GRANTS.filled(&grants) {
        let rows: Vec<(String,)> = on!(&mut *transaction.connection, c => {
            let query = piece.fold(sqlx::query_as(text), |query, (grant, expires_at)| {
                query
                    .bind(EpochKind::Grant.as_str())
                    .bind(grant.as_str())
                    .bind(1_i64)
                    .bind(expires_at.as_micros())
            });
            query.fetch_all(c).await
        })?;
        ended.extend(rows.into_iter().map(|(id,)| id));
    }
    for (grant, _) in grants {
        transaction.changes.bumps.insert(EpochKey::grant(grant), 1);
    }
    Ok(ended)
}

/// Takes away the ends of grants whose codes and tokens are long dead, at most `limit`.
pub(crate) async fn reap(
    transaction: &mut Transaction<'_>,
    before: Timestamp,
    limit: i64,
) -> Result<u64, Failure> {
    let rows: Vec<(String,)> = on!(&mut *transaction.connection, c => {
        sqlx::query_as(REAP).bind(before.as_micros()).bind(limit).fetch_all(c).await
    })?;
    let gone = rows.into_iter().map(|(id,)| EpochKey { kind: EpochKind::Grant, id });
    let before = transaction.changes.forgotten.len();
    transaction.changes.forgotten.extend(gone);
    Ok((transaction.changes.forgotten.len() - before) as u64)
}

/// The counts of one, outside of transactions.
pub(crate) fn from_memory(shared: &Shared, hung: &Hung<'_>) -> Option<Epochs> {
    shared.epochs.counts(&hung.keys()).map(epochs_of)
}

/// A count read back. Four thousand million ends do not happen; if they did, the count would stay
/// at its highest and everything would stay ended.
fn count(epoch: i64) -> u32 {
    u32::try_from(epoch).unwrap_or(u32::MAX)
}
