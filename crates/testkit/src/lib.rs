//! What tests of every crate share: a clock that tests move, repeatable randomness, a temporary
//! PostgreSQL server, message centres written by other people, a browser, forgeries of tokens, and
//! ports in memory.
//!
//! Only a `[dev-dependencies]` section may name this crate; `cargo xtask tidy` checks that.
//! Everything that can fail to start returns an error that says what to install, because a test
//! that cannot run must fail, never skip itself.

pub mod chromium;
pub mod clock;
pub mod doubles;
pub mod entropy;
pub mod jwt_mutations;
pub mod peers;
pub mod postgres;
pub mod process;
pub mod redirect_corpus;
pub mod share;
pub mod text_mutations;

mod child;
mod ports;
mod programs;

pub use clock::TestClock;
pub use entropy::SeededEntropy;
pub use jwt_mutations::{JwtMutation, jwt_mutations};
pub use ports::free_port;
pub use programs::repository_root;
