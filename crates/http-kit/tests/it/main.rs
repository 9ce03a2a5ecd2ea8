//! The crate over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, helpers included"
)]

mod bounds;
mod edge;
mod framing;
mod http2;
mod lifecycle;
mod outcome;
mod pages;
mod server;
mod tls;
