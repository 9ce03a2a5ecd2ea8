//! Gateways against a scripted client and against Kannel, their webhooks, and several routes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail like tests")]

mod kannel;
mod routes;
mod submitting;
mod support;
mod webhook;
