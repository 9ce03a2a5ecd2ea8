//! Counting answers by route and status class (T-281: every label is bounded).

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
};

use axum::{
    extract::{MatchedPath, Request},
    response::Response,
};
use http::StatusCode;
use metrics::Counter;
use tower::{Layer, Service};

/// Adds `fiador_http_requests_total{listener, route, status}` to a router. The route is the pattern
/// (`/journeys/{id}`) or `unmatched`, the status one of `1xx` … `5xx`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutcomeLayer {
    listener: &'static str,
}

impl OutcomeLayer {
    pub(crate) fn new(listener: &'static str) -> Self {
        Self { listener }
    }
}

/// axum wraps every route on its own, so the counters are found once per route and then only added
/// to.
impl<S> Layer<S> for OutcomeLayer {
    type Service = Outcome<S>;

    fn layer(&self, inner: S) -> Outcome<S> {
        Outcome { inner, listener: self.listener, counters: Arc::new(OnceLock::new()) }
    }
}

/// A route whose answers are counted.
#[derive(Clone, Debug)]
pub(crate) struct Outcome<S> {
    inner: S,
    listener: &'static str,
    counters: Arc<OnceLock<StatusCounters>>,
}

impl<S: Service<Request, Response = Response>> Service<Request> for Outcome<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = Counted<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Counted<S::Future> {
        self.counters.get_or_init(|| StatusCounters::register(self.listener, &request));
        Counted { answer: self.inner.call(request), counters: Arc::clone(&self.counters) }
    }
}

#[derive(Debug)]
struct StatusCounters([Counter; 5]);

impl StatusCounters {
    fn register(listener: &'static str, request: &Request) -> Self {
        let route: Arc<str> = request
            .extensions()
            .get::<MatchedPath>()
            .map_or_else(|| Arc::from("unmatched"), |path| Arc::from(path.as_str()));
        Self(["1xx", "2xx", "3xx", "4xx", "5xx"].map(|status| {
            metrics::counter!(
                "fiador_http_requests_total",
                "listener" => listener,
                "route" => Arc::clone(&route),
                "status" => status,
            )
        }))
    }

    fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.0.get(class) {
            counter.increment(1);
        }
    }
}

pin_project_lite::pin_project! {
    /// An answer that is counted when it is there.
    #[derive(Debug)]
    pub(crate) struct Counted<F> {
        #[pin]
        answer: F,
        counters: Arc<OnceLock<StatusCounters>>,
    }
}

impl<F: Future<Output = Result<Response, E>>, E> Future for Counted<F> {
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let answer = ready!(this.answer.poll(context));
        if let (Ok(response), Some(counters)) = (&answer, this.counters.get()) {
            counters.count(response.status());
        }
        Poll::Ready(answer)
    }
}
