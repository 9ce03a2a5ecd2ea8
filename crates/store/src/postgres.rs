//! What only PostgreSQL needs: its settings for a connection.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, PgConnection,
    postgres::{PgConnectOptions, PgSslMode},
};

use crate::error::OpenError;

/// Row locks and conditional writes are all that transactions here rest on, so the server's usual
/// isolation (READ COMMITTED) is enough; a stricter default only makes them try again.
pub(crate) const BEGIN_TO_WRITE: &str = "BEGIN";

/// An operator may have switched durable commits off for the whole server; not for us (T-242).
/// Stronger settings than `on` stay as they are.
const COMMIT_DURABLY: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') = 'off'";

/// How long an abandoned transaction of a node that vanished may hold its row locks, and how long
/// a statement may run whose node stopped waiting for it.
const ABANDONED: &str = "5s";

/// Settings of a connection whose commits are durable.
pub(crate) fn durable(url: &str, deadline: Duration) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| OpenError::Url { reason: error.to_string() })?;
    warn_of_an_open_link(&options);
    Ok(options
        .application_name("fiador")
        .options([
            // Less than the deadline, so that the server's reason arrives before we stop waiting.
            ("lock_timeout", format!("{}ms", (deadline * 4 / 5).as_millis()).as_str()),
            ("statement_timeout", ABANDONED),
            ("idle_in_transaction_session_timeout", ABANDONED),
        ])
        .disable_statement_logging())
}

/// Settings of a connection whose commits may be lost in a crash of the server, for rows that may.
pub(crate) fn relaxed(durable: PgConnectOptions) -> PgConnectOptions {
    durable.options([("synchronous_commit", "off")])
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
