//! The rules of the gateway, without input or output.
//!
//! Everything here is a pure function or a value: time and randomness come in as arguments, what
//! is stored or sent is decided here and done elsewhere. The heart is [`journey`]: one state
//! machine of one authentication, behind every door and in front of every authenticator.

pub mod assurance;
pub mod attribute;
pub mod audit;
pub mod breaker;
pub mod catalog;
pub mod client;
pub mod client_token;
pub mod consent;
pub mod gsm7;
pub mod individual_claims;
pub mod journey;
pub mod json_pointer;
pub mod kyc;
pub mod numbering;
pub mod profile;
pub mod prompting;
pub mod quota;
pub mod recent;
pub mod refresh;
pub mod risk;
pub mod routing;
pub mod session;
pub mod subscriber;
pub mod text;
pub mod token;
