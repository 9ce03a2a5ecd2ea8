//! Outgoing requests to addresses that other parties name.

use std::{borrow::Cow, fmt, time::Duration};

use async_trait::async_trait;

/// What is asked of another server.
#[derive(Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// GET or POST.
    pub method: FetchMethod,
    /// Absolute `https` URL of at most 2048 bytes, without user name and password.
    pub url: String,
    /// Headers beside those that the client sets itself: `Host`, `User-Agent`, `Accept-Encoding`,
    /// `Connection` and the length.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The body of a POST.
    pub body: Vec<u8>,
    /// How long and how much.
    pub limits: FetchLimits,
}

/// The two methods that the gateway needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchMethod {
    /// Read a document.
    Get,
    /// Ask or tell.
    Post,
}

/// Bounds of one fetch. The client has bounds of its own, which these cannot exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// From the call to the last byte, waiting for a free slot included.
    pub total: Duration,
    /// Bytes of the answer's body.
    pub body: usize,
}

impl Default for FetchLimits {
    /// 3 s and 64 KiB (T-082).
    fn default() -> Self {
        Self { total: Duration::from_secs(3), body: 64 * 1024 }
    }
}

impl FetchRequest {
    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: FetchMethod::Get,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            limits: FetchLimits::default(),
        }
    }

    /// A POST of `body`.
    pub fn post(url: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        let mut request = Self::get(url).header("content-type", content_type);
        request.method = FetchMethod::Post;
        request.body = body;
        request
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for FetchRequest {
    /// URL, headers and body may hold numbers and secrets: only their sizes are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchRequest")
            .field("method", &self.method)
            .field("url", &format_args!("<{} bytes>", self.url.len()))
            .field("headers", &format_args!("<{} headers>", self.headers.len()))
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .field("limits", &self.limits)
            .finish()
    }
}

/// What another server answered: any status but a redirect. None of it is believed yet, and its
/// text is never shown to anybody (T-082).
#[derive(Clone, PartialEq, Eq)]
pub struct FetchResponse {
    /// HTTP status: 200 to 299, or 400 to 599.
    pub status: u16,
    /// `Content-Type` as it was sent.
    pub content_type: Option<String>,
    /// The body, whole and not compressed.
    pub body: Vec<u8>,
}

impl FetchResponse {
    /// Whether the media type is `essence` (such as `application/json`), whatever its parameters
    /// (RFC 9110 §8.3.1).
    pub fn is_of_type(&self, essence: &str) -> bool {
        let given = self.content_type.as_deref().unwrap_or_default();
        given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(essence)
    }
}

impl fmt::Debug for FetchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchResponse")
            .field("status", &self.status)
            .field("content_type", &self.content_type)
            .field("body", &format_args!("<{} bytes>", self.body.len()))
            .finish()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FetchError {
    /// Not an absolute http(s) URL, too long, or with user name or password in it.
    #[error("the URL is not an absolute https URL of at most 2048 bytes without credentials")]
    InvalidUrl,
    /// A header that HTTP cannot carry.
    #[error("a header of the request holds characters that HTTP does not carry")]
    InvalidHeader,
    /// `http`, and the place is not in the allow-list.
    #[error("the URL is not https; only places named in egress.allow are asked without TLS")]
    PlainHttp,
    /// Every address of the host is private, local or otherwise not for the public (T-081).
    #[error("the host has no public address; name it in egress.allow if it is meant to be asked")]
    ForbiddenAddress,
    /// The name has no address, or the resolver failed.
    #[error("the name of the host does not resolve")]
    Unresolved,
    /// No address accepted a connection.
    #[error("the host accepts no connection")]
    Unreachable,
    /// The host's certificate is not good for its name, or no TLS version fits.
    #[error("TLS with the host failed; its certificate must come from a known authority")]
    Tls,
    /// The time was up before a connection stood: nothing was sent.
    #[error("the host could not be reached in time; nothing was sent")]
    NotAsked,
    /// The answer was not complete in time.
    #[error("the host did not answer in time")]
    TimedOut,
    /// The host sends the gateway elsewhere; the gateway does not go (T-082).
    #[error("the host redirects; register the final URL")]
    Redirected,
    /// Too many or too long headers.
    #[error("the header of the answer is too large")]
    HeadTooLarge,
    /// The body is longer than asked for.
    #[error("the body of the answer is too large")]
    BodyTooLarge,
    /// The body is compressed although the request forbade it.
    #[error("the answer is compressed although the request asked for plain bytes")]
    Compressed,
    /// Not HTTP, or cut short.
    #[error("the answer is not complete HTTP")]
    Broken,
}

impl FetchError {
    /// Whether the host may have had the request, so that asking again may do a thing twice.
    pub const fn may_have_been_sent(self) -> bool {
        match self {
            Self::InvalidUrl
            | Self::InvalidHeader
            | Self::PlainHttp
            | Self::ForbiddenAddress
            | Self::Unresolved
            | Self::Unreachable
            | Self::Tls
            | Self::NotAsked => false,
            Self::TimedOut
            | Self::Redirected
            | Self::HeadTooLarge
            | Self::BodyTooLarge
            | Self::Compressed
            | Self::Broken => true,
        }
    }

    /// The reason in one word, for metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidUrl => "invalid_url",
            Self::InvalidHeader => "invalid_header",
            Self::PlainHttp => "plain_http",
            Self::ForbiddenAddress => "forbidden_address",
            Self::Unresolved => "unresolved",
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::NotAsked => "not_asked",
            Self::TimedOut => "timed_out",
            Self::Redirected => "redirected",
            Self::HeadTooLarge => "head_too_large",
            Self::BodyTooLarge => "body_too_large",
            Self::Compressed => "compressed",
            Self::Broken => "broken",
        }
    }
}

/// The one client for URLs that other parties name (T-080).
///
/// It asks only public addresses and those that the operator has listed, connects to the address
/// that it checked, follows no redirect, and bounds time, size and parallel requests (T-081,
/// T-082).
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Sends the request once.
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError>;
}
