//! Families of refresh tokens: one row each, however often it is used (T-050 to T-054).
//!
//! Subscriber, client and consent are ended by counts that are kept for ever, and every use
//! compares them. The counts of a grant and of a login session are forgotten after a day, long
//! before a family ends: whoever raises one takes the family away.

use async_trait::async_trait;
use fiador_domain::{
    audit::AuditEvent,
    refresh::{self, RefreshFamily, Replaced, Rotation},
    token::Epochs,
};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{NewRefreshFamily, RefreshTokens, RefreshUse, RefreshUsed, StoreError};

use super::{
    audit,
    epochs::{self, Hung},
};
use crate::{
    Store,
    connection::Connection,
    failure::Failure,
    query::{Columns, FromRow, query},
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    const BEGIN = "INSERT INTO refresh_families (id, grant_id, session, content, \
             subscriber_epoch, client_epoch, grant_epoch, generation, current_token, replaced, \
             begun_at, used_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, NULL, $9, $9, $10)";
    const FIND = "SELECT content, subscriber_epoch, client_epoch, grant_epoch, generation, \
            current_token, replaced, begun_at, used_at FROM refresh_families \
            WHERE id = $1 AND expires_at > $2";
    const USE = "UPDATE refresh_families SET used_at = $4, expires_at = $5 \
           WHERE id = $1 AND current_token = $2 AND generation = $3 AND expires_at > $4";
    const ROTATE = "UPDATE refresh_families SET used_at = $4, expires_at = $5, \
              generation = generation + 1, current_token = $6, replaced = $7 \
              WHERE id = $1 AND current_token = $2 AND generation = $3 AND expires_at > $4";
    rows END_OF_GRANTS = "DELETE FROM refresh_families WHERE grant_id IN (VALUES", 1, ")";
    rows END_OF_SESSIONS = "DELETE FROM refresh_families WHERE session IN (VALUES", 1, ")";
}

#[async_trait]
impl RefreshTokens for Store {
    async fn find_family(
        &self,
        id: Digest,
        now: Timestamp,
    ) -> Result<Option<RefreshFamily>, StoreError> {
        self.now()?;
        let find = query(FIND).bind(id.as_bytes().as_slice()).bind(now.as_micros());
        let row: Option<Row> = self.readers.optional(&find).await?;
        row.map(|row| row.family(id).ok_or(StoreError::Corrupt)).transpose()
    }

    async fn use_family(&self, used: RefreshUse) -> Result<RefreshUsed, StoreError> {
        self.now()?;
        let RefreshUse { family, rotation, now, audit } = used;
        self.writer.write(Use { family, rotation, now, audit }).await
    }
}

/// Begins a family with the counts of its birth, inside the transaction of its code.
pub(crate) async fn begin(
    connection: &mut Connection,
    family: &NewRefreshFamily,
    epochs: Epochs,
) -> Result<(), Failure> {
    let content = serde_json::to_string(&family.content).map_err(|_| Failure::Item)?;
    let session = family.content.session.map(Digest::to_hex);
    let expires_at = refresh::expires_at(family.begun_at, family.begun_at);
    connection
        .execute(
            &query(BEGIN)
                .bind(family.id.as_bytes().as_slice())
                .bind(family.content.grant.as_str())
                .bind(session.as_deref())
                .bind(content.as_str())
                .bind(i64::from(epochs.subscriber))
                .bind(i64::from(epochs.client))
                .bind(i64::from(epochs.grant))
                .bind(family.token.as_bytes().as_slice())
                .bind(family.begun_at.as_micros())
                .bind(expires_at.as_micros()),
        )
        .await?;
    Ok(())
}

/// Takes away the families of grants that are being ended.
pub(crate) async fn end_of_grants(
    connection: &mut Connection,
    grants: &[&str],
) -> Result<(), Failure> {
    for (text, piece) in END_OF_GRANTS.filled(grants) {
        connection.execute(&piece.fold(query(text), |query, grant| query.bind(*grant))).await?;
    }
    Ok(())
}

/// Takes away the families of login sessions (in hexadecimal) that are being ended.
pub(crate) async fn end_of_sessions(
    connection: &mut Connection,
    sessions: &[&str],
) -> Result<(), Failure> {
    for (text, piece) in END_OF_SESSIONS.filled(sessions) {
        connection.execute(&piece.fold(query(text), |query, session| query.bind(*session))).await?;
    }
    Ok(())
}

struct Use {
    family: RefreshFamily,
    rotation: Option<Rotation>,
    now: Timestamp,
    audit: AuditEvent,
}

#[async_trait]
impl Work for Use {
    type Outcome = RefreshUsed;

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<RefreshUsed, Failure> {
        let content = &self.family.content;
        let hung = Hung {
            subscriber: &content.subscriber,
            client: &content.client,
            grant: &content.grant,
            session: content.session,
        };
        let current = epochs::find_in(transaction, &[hung]).await?;
        let epochs = current.first().copied().ok_or(Failure::Item)?;
        if !self.family.epochs.still_holds(epochs) {
            return Ok(RefreshUsed::Ended);
        }
        if self.write(transaction.connection).await? == 0 {
            return Ok(RefreshUsed::Changed);
        }
        audit::append(transaction.connection, std::slice::from_ref(&self.audit)).await?;
        Ok(RefreshUsed::Fresh { epochs })
    }
}

impl Use {
    /// The conditional write that decides who wins; gives the number of rows it touched.
    async fn write(&self, connection: &mut Connection) -> Result<u64, Failure> {
        let Self { family, rotation, now, .. } = self;
        let expires_at = refresh::expires_at(family.begun_at, *now);
        let text = if rotation.is_some() { ROTATE } else { USE };
        let common = query(text)
            .bind(family.id.as_bytes().as_slice())
            .bind(family.current.as_bytes().as_slice())
            .bind(i64::from(family.generation))
            .bind(now.as_micros())
            .bind(expires_at.as_micros());
        let Some(Rotation { next, seed }) = rotation else {
            return connection.execute(&common).await;
        };
        let replaced = Replaced { token: family.current, seed: *seed, at: *now };
        let replaced = serde_json::to_string(&replaced).map_err(|_| Failure::Item)?;
        connection.execute(&common.bind(next.as_bytes().as_slice()).bind(replaced.as_str())).await
    }
}

/// A row as it is read.
struct Row {
    content: String,
    epochs: [i64; 3],
    generation: i64,
    current: Vec<u8>,
    replaced: Option<String>,
    begun_at: i64,
    used_at: i64,
}

impl FromRow for Row {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Failure> {
        Ok(Self {
            content: columns.next()?,
            epochs: [columns.next()?, columns.next()?, columns.next()?],
            generation: columns.next()?,
            current: columns.next()?,
            replaced: columns.next()?,
            begun_at: columns.next()?,
            used_at: columns.next()?,
        })
    }
}

impl Row {
    /// `None` for what another version, or nobody of us, has written.
    fn family(self, id: Digest) -> Option<RefreshFamily> {
        let [subscriber, client, grant] = self.epochs.map(u32::try_from);
        let replaced = self.replaced.as_deref().map(serde_json::from_str);
        Some(RefreshFamily {
            id,
            content: serde_json::from_str(&self.content).ok()?,
            epochs: Epochs {
                subscriber: subscriber.ok()?,
                client: client.ok()?,
                grant: grant.ok()?,
            },
            generation: u32::try_from(self.generation).ok()?,
            current: Digest::from_bytes(self.current.try_into().ok()?),
            replaced: replaced.transpose().ok()?,
            begun_at: Timestamp::from_micros(self.begun_at),
            used_at: Timestamp::from_micros(self.used_at),
        })
    }
}
