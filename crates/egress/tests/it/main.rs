//! The guarded client and the keys of clients, against servers on loopback that misbehave.
#![cfg(test)]

mod bounds;
mod keys;
mod places;
mod rotation;
mod sector_list;
mod server;
mod tls;
mod world;
