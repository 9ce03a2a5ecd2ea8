//! The words of OAuth 2.0, OpenID Connect and Mobile Connect as bytes on the wire.
//!
//! Every module turns outside bytes into a checked value, or a value into the bytes that real clients
//! read. Nothing here knows HTTP frameworks, storage, time or policy: a decoder says what was written
//! (`login_hint` is an MSISDN), never what it means (that number is a subscriber of ours).
//!
//! Request side: [`parameters`], [`authorization_header`], [`redirect_uri`], [`scope`], [`prompt`],
//! [`display`], [`response_mode`], [`max_age`], [`acr_values`], [`pkce`], [`login_hint`], [`version`],
//! [`claims_request`], [`number_claim`], [`client_assertion`], [`request_object`], [`strict_json`].
//! Response side: [`authorization_response`], [`token_response`], [`id_token`], [`introspection`],
//! [`provider_metadata`], [`discovery`], [`error`].
//!
//! Decoders never panic, hold no more memory than a small multiple of their input, and their errors carry
//! no part of the input (T-008, T-011, T-260). `Debug` of anything secret or personal is masked (T-280).

pub mod acr_values;
pub mod authorization_header;
pub mod authorization_response;
pub mod claims_request;
pub mod client_assertion;
pub mod discovery;
pub mod display;
pub mod error;
pub mod id_token;
pub mod introspection;
pub mod login_hint;
pub mod max_age;
pub mod number_claim;
pub mod numeric_date;
pub mod parameters;
pub mod pkce;
pub mod prompt;
pub mod provider_metadata;
pub mod redirect_uri;
pub mod request_object;
pub mod response_mode;
pub mod scope;
pub mod strict_json;
pub mod token_response;
pub mod version;

mod masked;
mod percent;
