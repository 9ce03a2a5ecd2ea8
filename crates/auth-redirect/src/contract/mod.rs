//! The contract with foreign authenticators, version 1, as bytes: docs/reference/adaptor-contract.md.
//!
//! Nothing here does input or output, so the checker (`fiador adaptor check`) uses the very same
//! values as the gateway.

mod metadata;
mod request;
mod result;

use serde::{Deserialize, Serialize};

pub use metadata::{Metadata, MetadataError};
pub use request::{RequestClaims, padded};
pub use result::{BindingError, Bound, Expected, MalformedResult, Outcome, ResultClaims};

/// The version of the contract that is spoken here.
pub const VERSION: u64 = 1;
/// `typ` of a request.
pub const REQUEST_TYP: &str = "fiador-authn-request+jwt";
/// `typ` of a result.
pub const RESULT_TYP: &str = "fiador-authn-result+jwt";
/// The metadata of an authenticator, after its issuer.
pub const METADATA_PATH: &str = "/.well-known/fiador-authenticator";
/// Longest signed request, in bytes.
pub const MAX_REQUEST: usize = 8 * 1024;
/// Longest result, in bytes: it travels in a query.
pub const MAX_RESULT: usize = 3 * 1024;
/// A result lives for at most so many seconds.
pub const RESULT_LIFE: i64 = 300;
/// A result may be issued so many seconds ahead of our clock.
pub const CLOCK_SKEW: i64 = 60;

/// By which road request and result travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// With the browser that waits.
    Browser,
    /// From server to server.
    BackChannel,
}
