//! The database: one SQL text for SQLite (one file, one node) and PostgreSQL (a cluster).
//!
//! [`Store`] implements the storage ports of `fiador_ports`. Reads go over a small pool; all
//! writes of a node go through one task that shares commits (`writer`). What is spent, revoked or
//! counted is decided by conditional writes on the primary database (T-240). On SQLite an exclusive
//! lock keeps other processes out, and memory answers for what only this process changes
//! (`epoch_snapshot`).
//!
//! ```text
//! port ──► tables/<table>.rs ──read──► pool ─────────────► connection ──► SQLite │ PostgreSQL
//!                │                                             ▲
//!                └──────write──► writer: queue → batch → commit┘
//! ```
//!
//! What lives for minutes goes another way: `journeys` and `ledgers` are in memory where one node is
//! alone, and sealed rows with commits that need not be durable in a cluster. `routing` keeps the policy in
//! force in memory, and writes decisions when nobody waits.
//!
//! # How to add a table
//!
//! 1. A new file `migrations/NNNN_what.sql`. Columns are TEXT, BIGINT (microseconds), BYTEA or
//!    BOOLEAN; JSON is TEXT, parsed here. Nothing that the version before uses is taken away.
//! 2. A file `tables/<table>.rs`: its texts in `statements!`, with `$1` placeholders and nothing
//!    that one engine lacks (no arrays, no `FOR UPDATE`, no JSON operators, no `now()`).
//!    Reads go to `self.readers` as `query(TEXT).bind(…)`; a write is a struct that implements `Work` and goes to `writer.write`.
//! 3. Its `STATEMENTS` in the list of `tables/mod.rs`: a test prepares each on both engines.
//! 4. If rows expire: a column `expires_at`, its index, and a line in `tables/reaper.rs`.
//! 5. Contract tests in `tests/it/`, which run on both engines.

mod clock_guard;
mod connection;
mod connector;
mod epoch_snapshot;
mod error;
mod failure;
mod heartbeat;
mod journeys;
mod ledgers;
mod migration;
mod open;
mod pool;
mod postgres;
mod query;
mod routing;
mod seals;
mod settings;
mod shared;
mod sql;
mod sqlite;
mod store;
mod sweep;
mod tables;
mod writer;

pub use error::OpenError;
pub use journeys::MemoryJourneys;
pub use ledgers::MemoryPromptLedgers;
pub use routing::{PolicyInForce, PolicyUnusable, RoutingRecorder};
pub use settings::{Engine, StoreSettings};
pub use store::Store;
