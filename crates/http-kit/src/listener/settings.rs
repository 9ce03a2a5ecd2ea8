//! The bounds of a listener.

use std::time::Duration;

use crate::TrustedProxies;

/// How much of everything one listener accepts. `Default` is the documented production setting.
#[derive(Clone, Debug)]
pub struct ListenerSettings {
    /// From the first byte of a request head to its last, and for the TLS handshake. Default 10 s
    /// (T-003). A slower client is disconnected without an answer.
    pub head_timeout: Duration,
    /// From the end of the request head to the start of the answer, reading the body included.
    /// Default 30 s (T-003). Beyond it the answer is 408 and the connection closes.
    pub request_timeout: Duration,
    /// How long a connection may rest between requests, or take none of an answer that waits for
    /// it. Default 60 s (T-003). A streamed answer that says nothing for so long is closed too: let
    /// event streams send a comment every half minute.
    pub idle_timeout: Duration,
    /// All header names and values of a request together, in bytes. Default 16 KiB (T-002); more
    /// is answered with 431.
    pub max_head_bytes: usize,
    /// The request target, in bytes. Default 8 KiB (T-002); more is answered with 414.
    pub max_uri_bytes: usize,
    /// The body of a request, in bytes. Default 64 KiB (T-001); more is answered with 413. Routes
    /// may set a smaller limit with [`read_body`](crate::read_body), never a larger one.
    pub max_body_bytes: usize,
    /// Connections open at once. Default 16 384 (T-260), so that 10 000 slow ones leave room for
    /// honest ones (T-003). More wait in the backlog of the kernel until one closes. A resting
    /// HTTP/1.1 connection was measured at about 31 KiB in a debug build, so all of them at half a
    /// gibibyte: lower this where memory is short. The limit of open files must be higher.
    pub max_connections: usize,
    /// HTTP/2 requests in flight on one connection. Default 100 (T-009).
    pub max_streams: u32,
    /// How long [`Bound::serve`](crate::listener::Bound::serve) waits for requests in flight once
    /// it was asked to stop; what is left is cut. Default 25 s, below the usual 30 s between
    /// SIGTERM and SIGKILL.
    pub drain_limit: Duration,
    /// Whose forwarding headers count. Default: nobody's (T-005).
    pub trusted_proxies: TrustedProxies,
}

impl Default for ListenerSettings {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_mins(1),
            max_head_bytes: 16 * 1024,
            max_uri_bytes: 8 * 1024,
            max_body_bytes: crate::BODY_LIMIT,
            max_connections: 16_384,
            max_streams: 100,
            drain_limit: Duration::from_secs(25),
            trusted_proxies: TrustedProxies::none(),
        }
    }
}
