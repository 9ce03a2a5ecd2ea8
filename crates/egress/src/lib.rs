//! What leaves the gateway towards addresses that other parties name.
//!
//! * [`GuardedClient`] is the one HTTP client for them (T-080 to T-082): begin at `client.rs`.
//! * [`RegisteredKeys`] are the keys of clients, inline or from their `jwks_uri`: what clients sign
//!   is verified with them, and answers are encrypted to them.
//! * [`check_sector_list`] reads what is behind a `sector_identifier_uri` at registration and after start.
//!
//! Discovery's register of ported numbers is asked through the client, too, though the operator
//! configures it. The message centres and the database have links of their own.

mod allow;
mod client;
mod connect;
mod exchange;
mod keys;
mod reachable;
mod resolve;
mod sector_list;
mod slots;
mod target;
mod trust;

pub use allow::{AllowList, AllowedPlace, AllowedPlaceError};
pub use client::{GuardedClient, Settings};
pub use keys::RegisteredKeys;
pub use resolve::{Resolve, SystemResolver};
pub use sector_list::{SectorListError, check_sector_list};
pub use trust::{Authorities, AuthoritiesError};
