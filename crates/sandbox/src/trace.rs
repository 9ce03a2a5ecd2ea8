//! The wire trace: what went over every line, for the page to show.
//!
//! It holds codes and tokens on purpose, because seeing them is what a sandbox is for. It lives in
//! memory, is bounded, and exists only here: the gateway has no such feature.

use std::{
    collections::VecDeque,
    fmt::Write as _,
    sync::{Arc, atomic::AtomicU64},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use fiador_http_kit::{BODY_LIMIT, read_body};
use fiador_kernel::Clock;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::watch;

/// Lines kept; older ones go.
const CAPACITY: usize = 300;
/// More of a body than this is not shown.
const SHOWN: usize = 4 * 1024;
/// No answer of the gateway is larger.
const ANSWER: usize = 1024 * 1024;

/// Who speaks to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// The user's browser and the gateway.
    Browser,
    /// The browser of the user's phone and the gateway.
    Phone,
    /// The service provider's server and the gateway.
    ServiceProvider,
    /// The gateway and the message centre.
    MessageCentre,
}

/// One exchange.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Rising number.
    pub id: u64,
    /// Milliseconds since the epoch.
    pub at: i64,
    /// Who speaks to whom.
    pub lane: Lane,
    /// One line: `POST /token → 200`.
    pub summary: String,
    /// What was sent.
    pub request: String,
    /// What came back.
    pub response: String,
}

/// The trace.
#[derive(Clone)]
pub struct Trace {
    lines: Arc<Mutex<VecDeque<Line>>>,
    next: Arc<AtomicU64>,
    changes: watch::Sender<u64>,
    clock: Arc<dyn Clock>,
}

impl Trace {
    /// An empty trace.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            lines: Arc::default(),
            next: Arc::new(AtomicU64::new(1)),
            changes: watch::Sender::new(0),
            clock,
        }
    }

    /// Adds a line.
    pub fn add(&self, lane: Lane, summary: String, request: String, response: String) {
        let id = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let at = self.clock.now().as_millis();
        let mut lines = self.lines.lock();
        if lines.len() == CAPACITY {
            lines.pop_front();
        }
        lines.push_back(Line { id, at, lane, summary, request, response });
        drop(lines);
        self.changes.send_replace(id);
    }

    /// Lines after `id`, oldest first.
    pub fn after(&self, id: u64) -> Vec<Line> {
        self.lines.lock().iter().filter(|line| line.id > id).cloned().collect()
    }

    /// Tells when a line was added.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// Middleware around the gateway's public routes: passes everything on unchanged and writes down
/// what it saw, but for static files.
pub async fn record(State(trace): State<Trace>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/assets/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let head = format!("{} {}", parts.method, parts.uri);
    let summary = format!("{} {}", parts.method, parts.uri.path());
    let lane = lane(&parts.method, parts.uri.path(), &parts.headers);
    let request_headers = shown_headers(&parts.headers);
    let sent = match read_body(body, BODY_LIMIT).await {
        Ok(sent) => sent,
        Err(rejection) => return rejection.into_response(),
    };
    let shown_request = joined(&head, &request_headers, &sent);
    let response = next.run(Request::from_parts(parts, Body::from(sent))).await;
    if is_of_type(response.headers(), "text/event-stream") {
        // It lasts as long as somebody waits; what it tells is told by the page that follows.
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(received) = to_bytes(body, ANSWER).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let is_page = is_of_type(&parts.headers, "text/html");
    let shown_body = if is_page { Bytes::from_static(b"(a page)") } else { received.clone() };
    let shown_response =
        joined(&format!("HTTP {}", parts.status), &shown_headers(&parts.headers), &shown_body);
    let summary = format!("{summary} → {}", parts.status.as_u16());
    trace.add(lane, summary, shown_request, shown_response);
    Response::from_parts(parts, Body::from(received))
}

fn is_of_type(headers: &HeaderMap, essence: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(essence.as_bytes()))
}

fn lane(method: &Method, path: &str, headers: &HeaderMap) -> Lane {
    if path.starts_with("/l/") {
        return Lane::Phone;
    }
    let page = path.starts_with("/journey/") || path.contains("operator-selection");
    let navigates =
        headers.contains_key("sec-fetch-mode") || path == "/authorize" || path == "/logout";
    if page || navigates || method == Method::HEAD { Lane::Browser } else { Lane::ServiceProvider }
}

fn shown_headers(headers: &HeaderMap) -> String {
    let interesting = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::LOCATION,
        header::SET_COOKIE,
        header::COOKIE,
        header::WWW_AUTHENTICATE,
        header::RETRY_AFTER,
        header::CACHE_CONTROL,
    ];
    let mut text = String::new();
    for name in interesting {
        for value in headers.get_all(&name) {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
        }
    }
    text
}

fn joined(head: &str, headers: &str, body: &Bytes) -> String {
    let shown = &body[..body.len().min(SHOWN)];
    let mut text = format!("{head}\n{headers}");
    if !shown.is_empty() {
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(shown));
    }
    text
}
