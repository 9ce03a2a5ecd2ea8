//! The Token Manager from outside: HTTP in, HTTP out, fakes behind the ports.
#![cfg(test)]

mod client_authentication;
mod client_credentials;
mod code_exchange;
mod codec;
mod forgeries;
mod id_token;
mod introspection;
mod malformed;
mod outage;
mod pkce;
mod private_key_jwt;
mod refresh;
mod revocation;
mod second_redemption;
mod sessions;
mod sizes;
mod world;
mod wrong_holder;
