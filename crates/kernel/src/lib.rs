//! The words of the gateway: values that every other crate speaks in.
//!
//! Nothing here knows a protocol, a database or a socket. A value that exists is valid: each type
//! is built by a constructor that refuses what is malformed, so code further up never re-checks.
//! Types that carry personal data or secrets mask themselves in `Debug` and `Display`.

mod amr;
mod clock;
mod digest;
mod entropy;
mod id;
mod issuer;
mod language;
mod loa;
mod msisdn;
mod network;
mod pcr;
mod plmn;
mod scope;
mod secret;

pub use amr::Amr;
pub use clock::{Clock, SystemClock, Timestamp};
pub use digest::Digest;
pub use entropy::{Entropy, OsEntropy, handle, token_text};
pub use id::{
    AuthenticatorId, ClientId, CorrelationId, GrantId, IdError, JourneyId, OperatorId, SectorId,
    SessionId, SubscriberId,
};
pub use issuer::{Issuer, IssuerError};
pub use language::Language;
pub use loa::{Loa, LoaError};
pub use msisdn::{Msisdn, MsisdnError, Region};
pub use network::{Network, NetworkError};
pub use pcr::Pcr;
pub use plmn::{Plmn, PlmnError};
pub use scope::{Scope, ScopeError, ScopeSet};
pub use secret::Secret;
