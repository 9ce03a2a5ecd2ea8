//! Pseudonyms: made once for each subscription and sector, and never changed (T-067).

use std::collections::HashMap;

use async_trait::async_trait;
use fiador_kernel::{Pcr, SectorId, SubscriberId};
use fiador_ports::{Pcrs, StoreError};

use crate::{Store, connection::Connection, failure::Failure, query::query, sql::statements};

statements! {
    const FIND_ONE = "SELECT pcr FROM pcrs WHERE subscriber = $1 AND sector = $2";
    const FIND_SUBSCRIBER = "SELECT subscriber FROM pcrs WHERE sector = $1 AND pcr = $2";
    rows FIND = "SELECT subscriber, sector, pcr FROM pcrs \
            WHERE (subscriber, sector) IN (VALUES", 2, ")";
    // Without a conflict target: a pseudonym that somebody else has in the sector also leaves
    // the row out.
    rows ADD = "INSERT INTO pcrs (subscriber, sector, pcr) VALUES", 3,
        "ON CONFLICT DO NOTHING RETURNING subscriber, sector, pcr";
}

#[async_trait]
impl Pcrs for Store {
    async fn find(
        &self,
        subscriber: &SubscriberId,
        sector: &SectorId,
    ) -> Result<Option<Pcr>, StoreError> {
        self.now()?;
        let row: Option<(String,)> = self
            .readers
            .optional(&query(FIND_ONE).bind(subscriber.as_str()).bind(sector.as_str()))
            .await?;
        row.map(|(pcr,)| Pcr::parse(&pcr).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn find_subscriber(
        &self,
        sector: &SectorId,
        pcr: &Pcr,
    ) -> Result<Option<SubscriberId>, StoreError> {
        self.now()?;
        let row: Option<(String,)> = self
            .readers
            .optional(&query(FIND_SUBSCRIBER).bind(sector.as_str()).bind(pcr.as_str()))
            .await?;
        row.map(|(id,)| SubscriberId::new(&id).map_err(|_| StoreError::Corrupt)).transpose()
    }
}

/// A subscription in a sector, and the pseudonym to store if there is none.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) subscriber: &'a SubscriberId,
    pub(crate) sector: &'a SectorId,
    pub(crate) candidate: &'a Pcr,
}

impl<'a> Wanted<'a> {
    fn key(&self) -> (&'a str, &'a str) {
        (self.subscriber.as_str(), self.sector.as_str())
    }
}

/// The pseudonym of each, old or new. `None` where the candidate belongs to somebody else already:
/// the caller has to try again with another.
///
/// Reads, inserts what is absent, and reads again only what another node inserted in between.
pub(crate) async fn get_or_create(
    connection: &mut Connection,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Option<Pcr>>, Failure> {
    let mut known = find(connection, wanted).await?;
    let mut missing: Vec<Wanted<'_>> =
        wanted.iter().filter(|w| !is_known(&known, w)).copied().collect();
    if !missing.is_empty() {
        missing.sort_by_key(Wanted::key);
        missing.dedup_by_key(|w| w.key());
        known.extend(add(connection, &missing).await?);
        missing.retain(|w| !is_known(&known, w));
        known.extend(find(connection, &missing).await?);
    }
    let pcr_of = |w: &Wanted<'_>| known.get(&owned(w)).cloned();
    Ok(wanted.iter().map(pcr_of).collect())
}

type Known = HashMap<(String, String), Pcr>;

/// Subscriber, sector, pseudonym.
type Row = (String, String, String);

fn owned(wanted: &Wanted<'_>) -> (String, String) {
    let (subscriber, sector) = wanted.key();
    (subscriber.to_owned(), sector.to_owned())
}

fn is_known(known: &Known, wanted: &Wanted<'_>) -> bool {
    known.contains_key(&owned(wanted))
}

async fn find(connection: &mut Connection, wanted: &[Wanted<'_>]) -> Result<Known, Failure> {
    let mut known = Known::new();
    for (text, piece) in FIND.filled(wanted) {
        let rows: Vec<Row> = connection
            .all(&piece.fold(query(text), |query, w| {
                query.bind(w.subscriber.as_str()).bind(w.sector.as_str())
            }))
            .await?;
        learn(&mut known, rows)?;
    }
    Ok(known)
}

/// Those that were added.
async fn add(connection: &mut Connection, missing: &[Wanted<'_>]) -> Result<Known, Failure> {
    let mut added = Known::new();
    for (text, piece) in ADD.filled(missing) {
        let rows: Vec<Row> = connection
            .all(&piece.fold(query(text), |query, w| {
                query.bind(w.subscriber.as_str()).bind(w.sector.as_str()).bind(w.candidate.as_str())
            }))
            .await?;
        learn(&mut added, rows)?;
    }
    Ok(added)
}

fn learn(known: &mut Known, rows: Vec<Row>) -> Result<(), Failure> {
    for (subscriber, sector, pcr) in rows {
        known.insert((subscriber, sector), Pcr::parse(&pcr).ok_or(Failure::Item)?);
    }
    Ok(())
}
