//! Errors as service providers see them: codes, JSON bodies, `WWW-Authenticate` values.

mod body;
mod challenge;
mod code;
pub mod words;

pub use body::ErrorBody;
pub use challenge::{www_authenticate_basic, www_authenticate_bearer};
pub use code::ErrorCode;
