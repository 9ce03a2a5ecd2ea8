//! Redirect URIs: which may be registered, which presented one equals a registered one, and how response
//! parameters are added.

mod append;
mod registered;

pub use append::append;
pub use registered::{MAX_LENGTH, RedirectUriError, RegisteredRedirectUri};
