//! The link against a scripted centre, and against two centres that other people wrote.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod binding;
mod canary;
mod fail_over;
mod fake;
mod keep_alive;
mod pacing;
mod real;
mod receipts;
mod shutdown;
mod submitting;
mod support;
mod tls;
