//! A temporary PostgreSQL server for tests, and one new database for each of them.
//!
//! The server lives as long as the test process that started it: a small shell process stands
//! between the two, holds the read end of a pipe, and stops the server when the pipe closes. That
//! happens however the test process ends, `kill -9` included, so nothing is left behind and no
//! lock file has to be trusted.
//!
//! PostgreSQL refuses to run as root. Started by root, everything here runs as the system user
//! `postgres`, which the Debian package creates.

mod database;
mod installation;
mod server;

pub use database::Database;
pub use server::Server;
