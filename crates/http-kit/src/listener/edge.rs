//! What every request passes, in order, before and after the street.
//!
//! One function instead of a stack of layers: each layer would box a future and clone a service
//! per request, and the order would be spread over files.

use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use fiador_kernel::OsEntropy;
use futures_util::FutureExt;
use http::{
    HeaderName, HeaderValue, Request, StatusCode, Version,
    header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use hyper::body::{Body as _, Incoming};
use tokio::time::timeout;
use tower::Service;

use super::{ListenerSettings, connection::Connection};
use crate::{
    Problem,
    body::{self, Bounded},
    request_id::{HEADER, RequestIds},
};

/// What all connections of one listener share.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) settings: ListenerSettings,
    ids: RequestIds,
    mark: Option<(HeaderName, HeaderValue)>,
    router: Router,
}

impl Edge {
    pub(super) fn new(
        settings: ListenerSettings,
        mark: Option<(HeaderName, HeaderValue)>,
        router: Router,
    ) -> Self {
        Self { settings, ids: RequestIds::new(&OsEntropy), mark, router }
    }
}

/// Answers one request, whatever happens inside (T-008).
pub(super) async fn answer(
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let _in_flight = connection.pace.request_begins();
    let id = connection.edge.ids.next();
    let http1 = request.version() < Version::HTTP_2;
    // The scanner does not follow chunks, so the connection ends with the body.
    let chunked = http1 && request.headers().contains_key(TRANSFER_ENCODING);

    let respond = async {
        match admit(&connection, request).await {
            Ok(request) => (dispatch(&connection.edge, request).await, false),
            Err(refusal) => (refusal.into_response(), true),
        }
    };
    let (mut response, refused) = id.scope(respond).await;

    let headers = response.headers_mut();
    headers.insert(HEADER, id.header_value());
    if let Some((name, value)) = &connection.edge.mark {
        headers.insert(name, value.clone());
    }
    if chunked || (http1 && refused) {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

/// Bounds and framing (T-001, T-002, T-004), then whose request it is (T-005).
async fn admit(
    connection: &Connection,
    mut request: Request<Incoming>,
) -> Result<Request<Body>, Problem> {
    let settings = &connection.edge.settings;
    if let Some(why) = connection.count_request() {
        tracing::warn!(error = %why, "request refused");
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "request.ambiguous_framing",
            "The request cannot be read in one way only",
        ));
    }
    if uri_bytes(&request) > settings.max_uri_bytes {
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "request.uri_too_long",
            "The address of the request is too long",
        ));
    }
    if head_bytes(&request) > settings.max_head_bytes {
        return Err(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "request.head_too_large",
            "The header fields of the request are too large",
        ));
    }
    let limit = settings.max_body_bytes;
    if announced_length(&request).is_some_and(|length| length > limit as u64) {
        body::discard(request.into_body()).await;
        return Err(body::too_large());
    }
    let proxies = &settings.trusted_proxies;
    let country = proxies.client_country(connection.peer, request.headers_mut());
    if let Some(country) = country {
        request.extensions_mut().insert(country);
    }
    let client = proxies.client_address(connection.peer, request.headers_mut());
    request.extensions_mut().insert(client);
    Ok(request.map(|incoming| {
        if incoming.is_end_stream() {
            Body::empty()
        } else {
            Body::new(Bounded::new(incoming, limit))
        }
    }))
}

/// The street's router, fenced in time and against panics.
async fn dispatch(edge: &Edge, request: Request<Body>) -> Response {
    let mut router = edge.router.clone();
    let called = AssertUnwindSafe(async move { router.call(request).await }).catch_unwind();
    match timeout(edge.settings.request_timeout, called).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(never))) => match never {},
        Ok(Err(_panic)) => {
            tracing::error!("a request handler panicked; please report it");
            Problem::internal().into_response()
        }
        Err(_elapsed) => {
            tracing::warn!("a request took too long and was given up");
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "request.timed_out",
                "The request took too long; try again",
            )
            .into_response()
        }
    }
}

fn uri_bytes(request: &Request<Incoming>) -> usize {
    let uri = request.uri();
    let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
    target + uri.authority().map_or(0, |authority| authority.as_str().len())
}

/// Names and values with the four bytes that separate them on the wire.
fn head_bytes(request: &Request<Incoming>) -> usize {
    request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

fn announced_length(request: &Request<Incoming>) -> Option<u64> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}
