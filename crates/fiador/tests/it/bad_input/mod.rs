//! What no honest client sends, over the wire.

mod authorize;
mod forged_headers;
mod framing;
mod redirect_uri;
mod sizes;
mod token;
