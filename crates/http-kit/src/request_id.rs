//! The name of one request, in logs, problem details and the response header (T-011).

use std::{
    fmt,
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use bytes::Bytes;
use fiador_kernel::Entropy;
use http::{HeaderName, HeaderValue};

use crate::Problem;

/// The response header that carries the id.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of one request: 16 hexadecimal digits, the `correlation_id` of logs and problem details.
///
/// It names the request to a person who reads logs; it is no secret and gives no access. The
/// `correlation_id` parameter of a service provider is another thing:
/// [`fiador_kernel::CorrelationId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(u64);

impl RequestId {
    /// The id of the request that the present task is answering; `None` outside of a listener.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|id| *id).ok()
    }

    /// Runs `work` as part of this request: [`current`](Self::current) gives the id inside.
    pub(crate) fn scope<F: Future>(self, work: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, work)
    }

    pub(crate) fn header_value(self) -> HeaderValue {
        HeaderValue::from_maybe_shared(Bytes::copy_from_slice(&self.digits()))
            .unwrap_or_else(|_| HeaderValue::from_static("0"))
    }

    fn digits(self) -> [u8; 16] {
        let mut digits = [0; 16];
        let places = digits.chunks_exact_mut(2).zip(self.0.to_be_bytes());
        for (pair, byte) in places {
            pair.copy_from_slice(&[hex(byte >> 4), hex(byte & 0xf)]);
        }
        digits
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).unwrap_or("0"))
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::current().ok_or_else(Problem::internal)
    }
}

/// Gives out ids: a counter from a random start, scrambled so that ids of two nodes do not look
/// alike and tell nothing about the number of requests at a glance.
#[derive(Debug)]
pub(crate) struct RequestIds(AtomicU64);

impl RequestIds {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut start = [0; 8];
        entropy.fill(&mut start);
        Self(AtomicU64::new(u64::from_le_bytes(start)))
    }

    pub(crate) fn next(&self) -> RequestId {
        RequestId(scramble(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

fn hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}

/// The finisher of SplitMix64: a bijection, so ids of one process never repeat.
fn scramble(value: u64) -> u64 {
    let mut mixed = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use fiador_kernel::OsEntropy;

    use super::*;

    #[test]
    fn an_id_is_sixteen_hexadecimal_digits_and_never_the_same_twice() {
        let ids = RequestIds::new(&OsEntropy);
        let (one, two) = (ids.next(), ids.next());
        assert_ne!(one, two);
        assert_eq!(one.to_string(), format!("{:016x}", one.0));
        assert_eq!(one.header_value().to_str().unwrap(), one.to_string());
    }

    #[tokio::test]
    async fn the_id_is_known_inside_its_request_only() {
        let id = RequestId(7);
        assert_eq!(RequestId::current(), None);
        id.scope(async { assert_eq!(RequestId::current(), Some(id)) }).await;
    }
}
