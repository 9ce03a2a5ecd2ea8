//! Reading a request body within bounds of size and time (T-001, T-003).

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::{self as http_body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep, timeout};

use crate::Problem;

/// The limit of a body where nothing smaller is said: 64 KiB (T-001).
pub const BODY_LIMIT: usize = 64 * 1024;

/// A body has this long to arrive, less than the 30 s of the whole request, so that a slow sender
/// is told so (408) instead of a slow server being blamed (503).
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

/// What is read and thrown away of a body that is too large, before it is refused. A socket closed
/// over unread bytes is reset, and the reset may overtake the answer.
const DISCARD_BYTES: usize = 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// The body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyRejection {
    /// More bytes than the limit.
    #[error("the request body is larger than allowed")]
    TooLarge,
    /// It did not arrive in 20 s.
    #[error("the request body did not arrive in time")]
    TooSlow,
    /// The connection broke, or the chunks are malformed.
    #[error("the request body could not be read")]
    Broken,
}

impl BodyRejection {
    /// The status of this rejection: 413, 408 or 400.
    pub fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// What a client is told, where the protocol has an error of its own instead of a [`Problem`].
    pub const fn description(self) -> &'static str {
        match self {
            Self::TooLarge => "The body of the request is too large",
            Self::TooSlow => "The body did not arrive in time",
            Self::Broken => "The body could not be read",
        }
    }
}

impl From<BodyRejection> for Problem {
    fn from(rejection: BodyRejection) -> Self {
        let status = rejection.status();
        match rejection {
            BodyRejection::TooLarge => too_large(),
            BodyRejection::TooSlow => Self::new(
                status,
                "request.body_too_slow",
                "The body of the request did not arrive in time",
            ),
            BodyRejection::Broken => Self::new(
                status,
                "request.body_broken",
                "The body of the request could not be read",
            ),
        }
    }
}

impl IntoResponse for BodyRejection {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

/// Reads the whole body, at most `limit` bytes, counting while it streams.
pub async fn read_body(body: Body, limit: usize) -> Result<Bytes, BodyRejection> {
    match timeout(BODY_TIMEOUT, collect(Bounded::new(body, limit))).await {
        Ok(read) => read,
        Err(_) => Err(BodyRejection::TooSlow),
    }
}

async fn collect(mut body: Bounded<Body>) -> Result<Bytes, BodyRejection> {
    // Nearly every form is one frame: it is handed on without a copy.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| rejection(error.as_ref()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// Reads and throws away a body that was refused by its announced length.
pub(crate) async fn discard(body: Incoming) {
    let mut body = Bounded::new(body, 0);
    // Either end is fine: what was not read is left to the closing of the connection.
    let _ = timeout(DISCARD_TIME, body.frame()).await;
}

/// 413 as every route says it.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "request.body_too_large",
        "The body of the request is too large",
    )
}

/// The limit of the listener may lie inside the body, so its error is searched for.
fn rejection(error: &(dyn std::error::Error + 'static)) -> BodyRejection {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<OverLimit>() {
            return BodyRejection::TooLarge;
        }
        next = error.source();
    }
    BodyRejection::Broken
}

/// The error of a [`Bounded`] body.
#[derive(Debug, thiserror::Error)]
#[error("the body is over its limit")]
struct OverLimit;

/// A body that ends in an error beyond its limit, after the excess was taken off the wire.
#[derive(Debug)]
pub(crate) struct Bounded<B> {
    inner: B,
    left: usize,
    /// How much excess may still be read; `None` while within the limit.
    excess: Option<usize>,
    /// How long it is waited for.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<B> Bounded<B> {
    pub(crate) fn new(inner: B, limit: usize) -> Self {
        Self { inner, left: limit, excess: None, patience: None }
    }

    /// Counts `length` bytes; `false` when no more should be read at all.
    fn count(&mut self, length: usize) -> bool {
        match (self.excess, self.left.checked_sub(length)) {
            (None, Some(left)) => self.left = left,
            (None, None) => {
                self.excess = Some(DISCARD_BYTES);
                self.patience = Some(Box::pin(sleep(DISCARD_TIME)));
            }
            (Some(excess), _) => match excess.checked_sub(length) {
                Some(excess) => self.excess = Some(excess),
                None => return false,
            },
        }
        true
    }
}

impl<B> http_body::Body for Bounded<B>
where
    B: http_body::Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = self.get_mut();
        loop {
            let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) else {
                let over = this
                    .patience
                    .as_mut()
                    .is_some_and(|sleep| sleep.as_mut().poll(context).is_ready());
                return if over { Poll::Ready(Some(Err(OverLimit.into()))) } else { Poll::Pending };
            };
            return Poll::Ready(match frame {
                Some(Ok(frame)) => {
                    let reading_on = this.count(frame.data_ref().map_or(0, Bytes::len));
                    match this.excess {
                        None => Some(Ok(frame)),
                        Some(_) if reading_on => continue,
                        Some(_) => Some(Err(OverLimit.into())),
                    }
                }
                None | Some(Err(_)) if this.excess.is_some() => Some(Err(OverLimit.into())),
                None => None,
                Some(Err(error)) => Some(Err(error.into())),
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.excess.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use proptest::prelude::*;

    use super::*;

    fn streamed(pieces: Vec<Vec<u8>>) -> Body {
        Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_too_slow() {
        let silent = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(read_body(silent, 10).await, Err(BodyRejection::TooSlow));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_over_its_limit_is_too_large_even_when_its_end_never_comes() {
        let large = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"eleven bytes"))]);
        let body = Body::from_stream(large.chain(stream::pending()));
        assert_eq!(read_body(body, 10).await, Err(BodyRejection::TooLarge));
    }

    #[tokio::test]
    async fn a_broken_stream_is_told_from_a_large_one() {
        let broken = Body::from_stream(stream::iter([Err::<Bytes, _>(std::io::Error::other("x"))]));
        assert_eq!(read_body(broken, 10).await, Err(BodyRejection::Broken));
    }

    proptest! {
        #[test]
        fn the_limit_counts_bytes_however_they_are_cut(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9),
            limit in 0_usize..40,
        ) {
            let all = pieces.concat();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let read = runtime.block_on(read_body(streamed(pieces), limit));
            if all.len() <= limit {
                prop_assert_eq!(read.unwrap(), all);
            } else {
                prop_assert_eq!(read, Err(BodyRejection::TooLarge));
            }
        }
    }
}
