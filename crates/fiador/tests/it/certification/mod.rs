//! The OpenID certification profiles *Basic OP*, *Config OP*, *Form Post OP* and *RP-Initiated Logout
//! OP*: one test for each module of the conformance suite, named after it, which sends what the module
//! sends and asserts what it checks.
//!
//! Modules that the suite skips by itself because the metadata does not offer what they try
//! (`oidcc-idtoken-unsigned`, unsigned request objects, `request_uri`) have one test that holds the
//! metadata to that. `oidcc-codereuse-30seconds` differs from `oidcc-codereuse` by a pause; that a spent
//! code stays spent is shown with a test clock where codes are redeemed.

mod basic_requests;
mod basic_scopes;
mod basic_sessions;
mod basic_tokens;
mod config;
mod form_post;
mod rp_initiated_logout;
mod suite;
