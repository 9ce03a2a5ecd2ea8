//! `nonce` fits into the code that carries it to the ID Token (mobile-connect §2.2 row 7).

use super::{Addressed, Failure};

/// Longest `nonce`, in bytes: a code stays below 2 KiB (decision 0001).
const MAX_NONCE: usize = 255;

/// Mobile Connect: required (§2.1).
pub(super) fn is_demanded(request: &Addressed) -> Result<Option<String>, Failure> {
    is_voluntary(request)?.map(Some).ok_or(Failure::NonceInvalid)
}

/// OpenID Connect: optional in the code flow (OpenID Connect Core §3.1.2.1).
pub(super) fn is_voluntary(request: &Addressed) -> Result<Option<String>, Failure> {
    match request.value("nonce") {
        Some(nonce) if nonce.len() > MAX_NONCE => Err(Failure::NonceInvalid),
        nonce => Ok(nonce.map(str::to_owned)),
    }
}
