//! Login sessions of browsers.

use async_trait::async_trait;
use fiador_domain::{
    assurance::Evidence,
    audit::AuditEvent,
    session::{ABSOLUTE, IDLE, LoginSession},
    token::{LONGEST_LIFE, REMEMBERED_AFTER_EXPIRY},
};
use fiador_kernel::{Digest, SubscriberId, Timestamp};
use fiador_ports::{LoginSessions, StoreError};

use super::{
    audit,
    epochs::{self, EpochKey},
};
use crate::{
    Store,
    connection::Connection,
    failure::Failure,
    query::query,
    sql::statements,
    writer::{operation::Work, transaction::Transaction},
};

statements! {
    // A session that was being written while it or its subscriber was ended shows by a count.
    const FIND = "SELECT subscriber, evidence, created_at, used_at FROM login_sessions \
            WHERE id = $1 AND expires_at > $2 AND subscriber_epoch >= COALESCE((\
            SELECT epoch FROM epochs WHERE kind = 'subscriber' \
            AND epochs.id = login_sessions.subscriber), 0) AND NOT EXISTS (\
            SELECT 1 FROM epochs WHERE kind = 'session' AND epochs.id = $3)";
    const TOUCH = "UPDATE login_sessions SET used_at = $2, expires_at = \
             CASE WHEN created_at + $4 < $3 THEN created_at + $4 ELSE $3 END \
             WHERE id = $1 AND used_at < $2 AND expires_at > $2";
    const END = "DELETE FROM login_sessions WHERE id = $1";
    const END_ALL_OF = "DELETE FROM login_sessions WHERE subscriber = $1";
    rows BEGIN = "INSERT INTO login_sessions (id, subscriber, subscriber_epoch, evidence, \
             created_at, used_at, expires_at) VALUES", 7, "ON CONFLICT (id) DO NOTHING";
}

#[async_trait]
impl LoginSessions for Store {
    async fn find(&self, id: Digest, now: Timestamp) -> Result<Option<LoginSession>, StoreError> {
        self.now()?;
        let ended = EpochKey::session(id);
        let row: Option<(String, String, i64, i64)> = self
            .readers
            .optional(
                &query(FIND)
                    .bind(id.as_bytes().as_slice())
                    .bind(now.as_micros())
                    .bind(ended.id.as_str()),
            )
            .await?;
        let Some((subscriber, evidence, created_at, used_at)) = row else { return Ok(None) };
        let evidence: Evidence =
            serde_json::from_str(&evidence).map_err(|_| StoreError::Corrupt)?;
        Ok(Some(LoginSession {
            id,
            subscriber: SubscriberId::new(&subscriber).map_err(|_| StoreError::Corrupt)?,
            evidence,
            created_at: Timestamp::from_micros(created_at),
            used_at: Timestamp::from_micros(used_at),
        }))
    }

    async fn touch(&self, id: Digest, now: Timestamp) -> Result<(), StoreError> {
        self.now()?;
        self.writer.write(Touch { id, now }).await
    }

    async fn end(&self, id: Digest, audit: AuditEvent) -> Result<(), StoreError> {
        let remembered_until = self.now()? + LONGEST_LIFE + REMEMBERED_AFTER_EXPIRY;
        self.writer.write(End { id, remembered_until, audit }).await
    }
}

/// Begins sessions, each with the count of its subscriber.
pub(crate) async fn begin(
    connection: &mut Connection,
    sessions: &[(&LoginSession, u32)],
) -> Result<(), Failure> {
    for (text, piece) in BEGIN.exact(sessions) {
        let mut rows = Vec::with_capacity(piece.len());
        for (session, epoch) in piece {
            let evidence = serde_json::to_string(&session.evidence).map_err(|_| Failure::Item)?;
            rows.push((*session, *epoch, evidence));
        }
        connection
            .execute(&rows.iter().fold(query(text), |query, (session, epoch, evidence)| {
                query
                    .bind(session.id.as_bytes().as_slice())
                    .bind(session.subscriber.as_str())
                    .bind(i64::from(*epoch))
                    .bind(evidence.as_str())
                    .bind(session.created_at.as_micros())
                    .bind(session.used_at.as_micros())
                    .bind(session.expires_at().as_micros())
            }))
            .await?;
    }
    Ok(())
}

/// Ends every session of a subscriber.
pub(crate) async fn end_all_of(
    connection: &mut Connection,
    subscriber: &SubscriberId,
) -> Result<(), Failure> {
    connection.execute(&query(END_ALL_OF).bind(subscriber.as_str())).await?;
    Ok(())
}

struct Touch {
    id: Digest,
    now: Timestamp,
}

#[async_trait]
impl Work for Touch {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        let absolute = i64::try_from(ABSOLUTE.as_micros()).unwrap_or(i64::MAX);
        transaction
            .connection
            .execute(
                &query(TOUCH)
                    .bind(self.id.as_bytes().as_slice())
                    .bind(self.now.as_micros())
                    .bind((self.now + IDLE).as_micros())
                    .bind(absolute),
            )
            .await?;
        Ok(())
    }
}

struct End {
    id: Digest,
    remembered_until: Timestamp,
    audit: AuditEvent,
}

#[async_trait]
impl Work for End {
    type Outcome = ();

    async fn apply(&self, transaction: &mut Transaction<'_>) -> Result<(), Failure> {
        if !epochs::end_session(transaction, self.id, self.remembered_until).await? {
            return Ok(());
        }
        transaction.connection.execute(&query(END).bind(self.id.as_bytes().as_slice())).await?;
        audit::append(transaction.connection, std::slice::from_ref(&self.audit)).await
    }
}
