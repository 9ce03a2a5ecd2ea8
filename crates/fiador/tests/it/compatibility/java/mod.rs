//! GSMA's server SDK for Java 3.5.0 (mobile-connect §6.1, §6.1a).
//!
//! It authenticates at the token endpoint twice over, says `max-age`, finds the nonce with a regular
//! expression, wants `iat` and an hour to be in the future, takes any token answer below 400 for a
//! success, and reads errors of resources from `WWW-Authenticate` alone.

mod headless;
mod logins;
mod sdk;
