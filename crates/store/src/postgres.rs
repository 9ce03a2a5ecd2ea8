//! What only PostgreSQL needs: its settings for a connection.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, PgConnection, Postgres,
    postgres::{PgArguments, PgConnectOptions, PgSslMode},
};

use crate::{
    error::OpenError,
    failure::Failure,
    query::{Columns, FromRow, Query, Value},
    sql,
};

/// Row locks and conditional writes are all that transactions here rest on, so the server's usual
/// isolation (READ COMMITTED) is enough; a stricter default only makes them try again.
pub(crate) const BEGIN_TO_WRITE: &str = "BEGIN";

/// An operator may have weakened commits for the whole server; not for us (T-242). `local` and
/// `remote_write` are weaker than `on` where there is a standby; the one stronger setting stays.
const COMMIT_DURABLY: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')";

/// A standby answers reads from the past, which would revive what was ended (T-240).
const IS_READ_ONLY: &str = "SELECT current_setting('transaction_read_only') = 'on'";

/// Waits for rows that another node holds are tried so often within the deadline: the first to
/// give up lets the others go on.
const LOCK_WAITS: u32 = 4;

/// A transaction of a node that vanished holds its row locks so many deadlines long: 1 s.
const ABANDONED_AFTER: u32 = 4;

/// Settings of a connection whose commits are durable.
pub(crate) fn durable(url: &str, deadline: Duration) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| OpenError::Url { reason: error.to_string() })?;
    warn_of_an_open_link(&options);
    Ok(options
        .application_name("fiador")
        .options([
            ("lock_timeout", milliseconds(deadline / LOCK_WAITS)),
            // Nobody waits for a statement any longer; its locks must not outlive it.
            ("statement_timeout", milliseconds(deadline)),
            ("idle_in_transaction_session_timeout", milliseconds(deadline * ABANDONED_AFTER)),
        ])
        .statement_cache_capacity(sql::CACHED)
        .disable_statement_logging())
}

/// As PostgreSQL reads it; never zero, which would mean no limit.
fn milliseconds(duration: Duration) -> String {
    format!("{}ms", duration.as_millis().max(1))
}

/// Settings of a connection that migrates: others may be at it, and a step may take long.
pub(crate) fn migrating(durable: PgConnectOptions) -> PgConnectOptions {
    durable.options([
        ("lock_timeout", "0"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
    ])
}

/// Settings of a connection whose commits may be lost in a crash of the server, for rows that may.
pub(crate) fn relaxed(durable: PgConnectOptions) -> PgConnectOptions {
    durable.options([("synchronous_commit", "off")])
}

/// Every row that a statement answers with.
pub(crate) async fn all<R: FromRow>(
    connection: &mut PgConnection,
    query: &Query<'_>,
) -> Result<Vec<R>, Failure> {
    let rows = bound(query).fetch_all(connection).await?;
    rows.iter().map(|row| R::from_row(&mut Columns::of_postgres(row))).collect()
}

/// Runs a statement; gives the number of rows it touched.
pub(crate) async fn execute(
    connection: &mut PgConnection,
    query: &Query<'_>,
) -> Result<u64, Failure> {
    Ok(bound(query).execute(connection).await?.rows_affected())
}

fn bound<'q>(query: &Query<'q>) -> sqlx::query::Query<'q, Postgres, PgArguments> {
    query.values.iter().fold(sqlx::query(query.text), |statement, value| match *value {
        Value::Text(text) => statement.bind(text),
        Value::Number(number) => statement.bind(number),
        Value::Flag(flag) => statement.bind(flag),
        Value::Octets(octets) => statement.bind(octets),
    })
}

/// Refuses a server that is not the primary.
pub(crate) async fn refuse_standby(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let (read_only,): (bool,) = sqlx::query_as(IS_READ_ONLY).fetch_one(connection).await?;
    if read_only {
        let reason = "the server is read-only; the database URL must lead to the primary";
        return Err(sqlx::Error::Protocol(reason.to_owned()));
    }
    Ok(())
}

/// See [`COMMIT_DURABLY`].
pub(crate) async fn commit_durably(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(COMMIT_DURABLY).execute(connection).await.map(|_| ())
}

/// Links between machines are TLS with verified names (T-248); the URL decides, so say it aloud.
fn warn_of_an_open_link(options: &PgConnectOptions) {
    let host = options.get_host();
    let local = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if !local && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        tracing::warn!(
            host,
            "the link to the database is not verified TLS; add \
             `sslmode=verify-full&sslrootcert=…` to its URL"
        );
    }
}

#[cfg(test)]
mod tests {
    use sqlx::Executor as _;

    use super::*;
    use crate::{connection::Connection, connector::Connector};

    async fn synchronous_commit(connector: Connector) -> String {
        let connection = connector.try_connect().await.unwrap();
        let Connection::Pg(mut connection) = connection else { panic!("not PostgreSQL") };
        let text = "SELECT current_setting('synchronous_commit')";
        sqlx::query_scalar(text).fetch_one(&mut connection).await.unwrap()
    }

    #[tokio::test]
    async fn a_commit_is_durable_even_where_the_server_says_otherwise_t_242() {
        let server = fiador_testkit::postgres::Server::shared().unwrap();
        let database = server.database().unwrap();
        let options = durable(database.url(), Duration::from_secs(5)).unwrap();
        let mut administrator = options.connect().await.unwrap();
        let switched_off = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
             synchronous_commit = off', current_database()); END $$";
        administrator.execute(switched_off).await.unwrap();
        assert_eq!(synchronous_commit(Connector::Pg(options.clone())).await, "on");

        let weakened = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
             synchronous_commit = remote_write', current_database()); END $$";
        administrator.execute(weakened).await.unwrap();
        assert_eq!(synchronous_commit(Connector::Pg(options.clone())).await, "on");

        let stronger = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET \
             synchronous_commit = remote_apply', current_database()); END $$";
        administrator.execute(stronger).await.unwrap();
        assert_eq!(synchronous_commit(Connector::Pg(options.clone())).await, "remote_apply");
        let relaxed = Connector::PgRelaxed(relaxed(options));
        assert_eq!(synchronous_commit(relaxed).await, "off");
    }
}
