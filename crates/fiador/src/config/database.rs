//! `[database]`

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::SecretText;

/// Where state is kept: a file for one node, PostgreSQL for several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// `sqlite:PATH` or `postgres://user@host/name?sslmode=verify-full`. The password belongs in
    /// `password_file` or in the environment (`FIADOR__DATABASE__URL`).
    #[schemars(with = "String")]
    pub url: SecretText,
    /// The link to PostgreSQL is private by other means, such as IPsec: allows another host without
    /// `sslmode=verify-full`.
    pub private_link: bool,
    /// File with the password of the PostgreSQL role, mode 0600.
    pub password_file: Option<PathBuf>,
    /// Connections to PostgreSQL for reading at most; journeys may use as many again, and one more
    /// writes.
    pub max_connections: u32,
    /// Bring the schema up to date at start. Clusters set this to false and run `fiador migrate`
    /// before a roll-out.
    pub migrate_at_start: bool,
    /// Logins under way at most. One more pushes out an abandoned start; only when every other one
    /// waits for its code it gets 503.
    pub journey_capacity: usize,
    /// Days that lines of the audit log are kept.
    pub audit_retention_days: u32,
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            url: SecretText::new("sqlite:fiador.db"),
            private_link: false,
            password_file: None,
            max_connections: 16,
            migrate_at_start: true,
            journey_capacity: 100_000,
            audit_retention_days: 365,
        }
    }
}
