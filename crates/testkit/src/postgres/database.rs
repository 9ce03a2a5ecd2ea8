//! One database of a temporary server.

use std::process::{Command, Stdio};

/// An empty database of its own for one test, dropped with this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    name: String,
    dropdb: Command,
}

impl Database {
    pub(super) fn new(url: String, name: String, dropdb: Command) -> Self {
        Self { url, name, dropdb }
    }

    /// A connection URL, `postgres://fiador@127.0.0.1:PORT/NAME`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // `--force` ends connections a pool still holds. When the server is already gone, so is
        // the database: the outcome does not matter.
        self.dropdb.args(["--force", "--if-exists"]).arg(&self.name);
        let _ = self.dropdb.stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
