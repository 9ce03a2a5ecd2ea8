//! How often subscribers, clients, grants, pairs and login sessions were ended (decision 0001: integer
//! epochs).
//!
//! A pair is a subscriber and a client: withdrawing a consent ends the tokens of the two and of
//! nobody else. Its count is added to the client's wherever counts are read, so that tokens carry
//! one number for both: as counts only grow, a sum grows when either does. In the same way the
//! count of a login session is added to that of each grant made in it.

use std::collections::HashMap;

use fiador_domain::token::Epochs;
use fiador_kernel::{ClientId, Digest, GrantId, SubscriberId, Timestamp};

use super::refresh_families;
use crate::{
    connection::Connection, failure::Failure, query::query, shared::Shared, sql::statements,
    writer::transaction::Transaction,
};

statements! {
    const RAISE = "INSERT INTO epochs (kind, id, epoch, expires_at) VALUES ($1, $2, 1, NULL) \
             ON CONFLICT (kind, id) DO UPDATE SET epoch = epochs.epoch + 1 \
             RETURNING epoch";
    const LIST = "SELECT kind, id, epoch FROM epochs LIMIT $1";
    const REAP = "DELETE FROM epochs WHERE expires_at <= $1 AND (kind, id) IN \
            (SELECT kind, id FROM epochs WHERE expires_at <= $1 LIMIT $2) \
            RETURNING kind, id";
    rows END_ONCE = "INSERT INTO epochs (kind, id, epoch, expires_at) VALUES", 4,
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
    /// A login session.
    Session,
}

impl EpochKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Subscriber => "subscriber",
            Self::Client => "client",
            Self::Grant => "grant",
            Self::Pair => "pair",
            Self::Session => "session",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Subscriber, Self::Client, Self::Grant, Self::Pair, Self::Session]
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

    pub(crate) fn session(id: Digest) -> Self {
        Self { kind: EpochKind::Session, id: id.to_hex() }
    }
}

/// Whose counts are asked for.
pub(crate) struct Hung<'a> {
    pub(crate) subscriber: &'a SubscriberId,
    pub(crate) client: &'a ClientId,
    pub(crate) grant: &'a GrantId,
    pub(crate) session: Option<Digest>,
}

impl Hung<'_> {
    /// The rows that count; a login of `mobile_connect` has no session.
    pub(crate) fn keys(&self) -> HungKeys {
        let always = [
            EpochKey::subscriber(self.subscriber),
            EpochKey::client(self.client),
            EpochKey::grant(self.grant),
            EpochKey::pair(self.subscriber, self.client),
        ];
        HungKeys { always, session: self.session.map(EpochKey::session) }
    }
}

/// See [`Hung::keys`].
pub(crate) struct HungKeys {
    always: [EpochKey; 4],
    session: Option<EpochKey>,
}

impl HungKeys {
    fn iter(&self) -> impl Iterator<Item = &EpochKey> {
        self.always.iter().chain(&self.session)
    }

    /// The counts as tokens carry them, each looked up by its key.
    fn sum(&self, count: impl Fn(&EpochKey) -> u32) -> Epochs {
        let [subscriber, client, grant, pair] = self.always.each_ref().map(&count);
        let session = self.session.as_ref().map_or(0, count);
        Epochs {
            subscriber,
            client: client.saturating_add(pair),
            grant: grant.saturating_add(session),
        }
    }
}

/// The counts of many, inside a transaction: from memory where it speaks for the database.
pub(crate) async fn find_in(
    transaction: &mut Transaction<'_>,
    hung: &[Hung<'_>],
) -> Result<Vec<Epochs>, Failure> {
    let from_memory: Option<Vec<Epochs>> =
        hung.iter().map(|hung| from_memory(transaction.shared, hung)).collect();
    match from_memory {
        Some(epochs) if transaction.changes.bumps.is_empty() => Ok(epochs),
        _ => find(transaction.connection, hung).await,
    }
}

/// The counts of many, from the database.
pub(crate) async fn find(
    connection: &mut Connection,
    hung: &[Hung<'_>],
) -> Result<Vec<Epochs>, Failure> {
    let keys: Vec<HungKeys> = hung.iter().map(Hung::keys).collect();
    let all: Vec<&EpochKey> = keys.iter().flat_map(HungKeys::iter).collect();
    let counts = read(connection, &all).await?;
    Ok(keys.iter().map(|keys| keys.sum(|key| counts.of(key))).collect())
}

/// The counts of what a client holds for itself, from the database.
pub(crate) async fn find_of_client(
    connection: &mut Connection,
    client: &ClientId,
    grant: &GrantId,
) -> Result<Epochs, Failure> {
    let keys = client_keys(client, grant);
    let counts = read(connection, &keys.each_ref()).await?;
    Ok(sum_of_client(&keys, |key| counts.of(key)))
}

/// The same from memory, outside of transactions.
pub(crate) fn of_client_from_memory(
    shared: &Shared,
    client: &ClientId,
    grant: &GrantId,
) -> Option<Epochs> {
    shared.epochs.read(|count| sum_of_client(&client_keys(client, grant), count))
}

fn client_keys(client: &ClientId, grant: &GrantId) -> [EpochKey; 2] {
    [EpochKey::client(client), EpochKey::grant(grant)]
}

fn sum_of_client([client, grant]: &[EpochKey; 2], count: impl Fn(&EpochKey) -> u32) -> Epochs {
    Epochs { subscriber: 0, client: count(client), grant: count(grant) }
}

/// Counts as they were read; a key without a row was never ended.
struct Counts(HashMap<(String, String), u32>);

impl Counts {
    fn of(&self, key: &EpochKey) -> u32 {
        self.0.get(&(key.kind.as_str().to_owned(), key.id.clone())).copied().unwrap_or(0)
    }
}

async fn read(connection: &mut Connection, keys: &[&EpochKey]) -> Result<Counts, Failure> {
    let mut known = HashMap::new();
    for (text, piece) in FIND.filled(keys) {
        let rows: Vec<(String, String, i64)> = connection
            .all(&piece.fold(query(text), |query, key| {
                query.bind(key.kind.as_str()).bind(key.id.as_str())
            }))
            .await?;
        known.extend(rows.into_iter().map(|(kind, id, epoch)| ((kind, id), count(epoch))));
    }
    Ok(Counts(known))
}

/// Everything that was ever ended, up to `limit` rows.
pub(crate) async fn list(
    connection: &mut Connection,
    limit: usize,
) -> Result<Vec<(EpochKey, u32)>, Failure> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, String, i64)> = connection.all(&query(LIST).bind(limit)).await?;
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
    let (epoch,): (i64,) = transaction
        .connection
        .one(&query(RAISE).bind(key.kind.as_str()).bind(key.id.as_str()))
        .await?;
    transaction.changes.bumps.insert(key, count(epoch));
    Ok(())
}

/// Ends grants and their refresh tokens; ending one again changes nothing. Returns the ids of those
/// that were not ended before. `expires_at`: until when the end must be remembered.
pub(crate) async fn end_grants(
    transaction: &mut Transaction<'_>,
    grants: Vec<(&GrantId, Timestamp)>,
) -> Result<Vec<String>, Failure> {
    let ids: Vec<&str> = grants.iter().map(|(grant, _)| grant.as_str()).collect();
    refresh_families::end_of_grants(transaction.connection, &ids).await?;
    let ends = grants.into_iter().map(|(grant, until)| (EpochKey::grant(grant), until)).collect();
    end_once(transaction, ends).await
}

/// Ends a login session and the refresh tokens of its grants; ending it again changes nothing.
/// Returns whether it was not ended before.
/// `expires_at`: until when the end must be remembered.
pub(crate) async fn end_session(
    transaction: &mut Transaction<'_>,
    id: Digest,
    expires_at: Timestamp,
) -> Result<bool, Failure> {
    let key = EpochKey::session(id);
    refresh_families::end_of_sessions(transaction.connection, &[&key.id]).await?;
    let ended = end_once(transaction, vec![(key, expires_at)]).await?;
    Ok(!ended.is_empty())
}

/// Ends what can be ended once. Returns the ids of those that were not ended before.
async fn end_once(
    transaction: &mut Transaction<'_>,
    mut ends: Vec<(EpochKey, Timestamp)>,
) -> Result<Vec<String>, Failure> {
    ends.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let mut ended = Vec::new();
    for (text, piece) in END_ONCE.filled(&ends) {
        let rows: Vec<(String,)> = transaction
            .connection
            .all(&piece.fold(query(text), |query, (key, expires_at)| {
                query
                    .bind(key.kind.as_str())
                    .bind(key.id.as_str())
                    .bind(1_i64)
                    .bind(expires_at.as_micros())
            }))
            .await?;
        ended.extend(rows.into_iter().map(|(id,)| id));
    }
    transaction.changes.bumps.extend(ends.into_iter().map(|(key, _)| (key, 1)));
    Ok(ended)
}

/// Takes away the ends of grants and login sessions whose codes and tokens are long dead, at most
/// `limit`. A family of refresh tokens that another node was beginning at the moment of the end
/// has been held by the count so far: it goes with it.
pub(crate) async fn reap(
    transaction: &mut Transaction<'_>,
    before: Timestamp,
    limit: i64,
) -> Result<u64, Failure> {
    let rows: Vec<(String, String)> =
        transaction.connection.all(&query(REAP).bind(before.as_micros()).bind(limit)).await?;
    let reaped = rows.len() as u64;
    let gone: Vec<EpochKey> = rows
        .into_iter()
        .filter_map(|(kind, id)| Some(EpochKey { kind: EpochKind::parse(&kind)?, id }))
        .collect();
    let of_kind = |kind| {
        let ids = gone.iter().filter(move |key| key.kind == kind).map(|key| key.id.as_str());
        ids.collect::<Vec<_>>()
    };
    refresh_families::end_of_grants(transaction.connection, &of_kind(EpochKind::Grant)).await?;
    refresh_families::end_of_sessions(transaction.connection, &of_kind(EpochKind::Session)).await?;
    transaction.changes.forgotten.extend(gone);
    Ok(reaped)
}

/// The counts of one, outside of transactions.
pub(crate) fn from_memory(shared: &Shared, hung: &Hung<'_>) -> Option<Epochs> {
    shared.epochs.read(|count| hung.keys().sum(count))
}

/// A count read back. Four thousand million ends do not happen; if they did, the count would stay
/// at its highest and everything would stay ended.
fn count(epoch: i64) -> u32 {
    u32::try_from(epoch).unwrap_or(u32::MAX)
}
