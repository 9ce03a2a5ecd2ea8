//! The bytes of the request could all be read (T-007; mobile-connect §2.6, "bad encoding").

use super::{Addressed, Failure};

pub(super) fn is_whole(request: &Addressed) -> Result<(), Failure> {
    request.damage.map_or(Ok(()), Err)
}
