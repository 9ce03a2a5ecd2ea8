//! What the heart of the gateway asks of the world: traits, and the values that cross them.
//!
//! Streets (AuthServer, Token Manager, authenticators, …) speak to each other and to drivers
//! (store, keys, SMPP) through these traits alone; the binary decides who stands behind each.
//! They are object-safe and passed as `Arc<dyn …>` (docs/decisions/0003-ports-as-dyn-traits.md).
//!
//! Absence is `Option`, failure is `Err`; ids and times are made by the caller.

mod access_token;
mod application;
mod authenticator;
mod budget;
mod client;
mod client_authentication;
mod client_keys;
mod client_token;
mod code;
mod data;
mod fetch;
mod grant;
mod journey;
mod key_store;
mod lock_out;
mod maintenance;
mod message;
mod operator_keys;
mod person;
mod portability;
mod prompting;
mod refresh;
mod replay;
mod requested_claims;
mod risk;
mod router;
mod routing_records;
mod sealing;
mod session;
mod signing;
mod store_error;
mod vault;

pub use access_token::{AccessTokens, ActiveToken};
pub use application::{Applications, StoredApplication};
pub use authenticator::{
    Answer, Answered, Authenticator, Challenge, Exhausted, PromptFragment, Road, StartError,
    Started,
};
pub use budget::{Budgets, Reservation, Spend};
pub use client::Clients;
pub use client_authentication::{
    ClientAuthenticationError, ClientAuthenticator, PresentedCredentials,
};
pub use client_keys::{ClientKeyError, ClientKeys, KeySetError, SignedContent, SignedPurpose};
pub use client_token::{ClientEpochs, ClientTokens};
pub use code::{CodeError, CodeIssuer};
pub use data::{
    AttributeRequest, AttributeSource, Attribution, DataError, DataGateway, SourceError,
};
pub use fetch::{Fetch, FetchError, FetchLimits, FetchMethod, FetchRequest, FetchResponse};
pub use grant::{AuditLog, Grants, Redeemed, Redemption, Revocations};
pub use journey::{JourneyStoreError, Journeys, Referred, Versioned};
pub use key_store::{KeyPurpose, KeyStore, StoredKey};
pub use lock_out::LockOuts;
pub use maintenance::{Health, Maintenance, Reaped};
pub use message::{DeliveryReports, MessageCentre, SendError, TextMessage};
pub use operator_keys::{
    EncryptedNumber, OperatorKeyError, OperatorKeyStore, OperatorKeys, StoredOperatorKeys,
    SubscriberIds,
};
pub use person::{Consents, Deactivations, NewSubscriber, Pcrs, Subscribers};
pub use portability::{NumberHolder, NumberPortability, PortabilityError};
pub use prompting::{PromptLedgers, VersionedLedger};
pub use refresh::{NewRefreshFamily, RefreshTokens, RefreshUse, RefreshUsed};
pub use replay::Replay;
pub use requested_claims::RequestedClaims;
pub use risk::RiskSource;
pub use router::{AuthenticatorRouter, Known, Pending, Prompts, Settled, ShownPrompt};
pub use routing_records::{
    PolicyRevision, RoutingPolicies, RoutingPolicy, RoutingRecord, RoutingRecords, StoredPolicy,
};
pub use sealing::{SealKind, Sealer};
pub use session::LoginSessions;
pub use signing::{SignError, Signer};
pub use store_error::StoreError;
pub use vault::Vault;
