//! A light HTTP client: one keep-alive connection, one request at a time.

use std::net::SocketAddr;

use anyhow::Context;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderName, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A request that can be sent again.
#[derive(Clone, Debug)]
pub(super) struct Call {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    /// A GET of a path with its query.
    pub(super) fn get(target: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            target: target.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// A POST of a form.
    pub(super) fn post(target: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = Self { method: Method::POST, body: form.into(), ..Self::get(target) };
        call.header(CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    /// A PUT of JSON.
    pub(super) fn put(target: impl Into<String>, body: &serde_json::Value) -> Self {
        let call = Self { method: Method::PUT, body: body.to_string().into(), ..Self::get(target) };
        call.header(CONTENT_TYPE, "application/json")
    }

    /// With one more header. The bench writes its headers itself, so a bad one is left out and the
    /// request fails visibly.
    #[must_use]
    pub(super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    /// A header as text.
    pub(super) fn header(&self, name: &HeaderName) -> anyhow::Result<&str> {
        let value =
            self.headers.get(name).with_context(|| format!("no {name}: {}", self.seen()))?;
        Ok(value.to_str()?)
    }

    /// The body as JSON, if the status is 200.
    pub(super) fn json(&self) -> anyhow::Result<serde_json::Value> {
        anyhow::ensure!(self.status == StatusCode::OK, "not 200: {}", self.seen());
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// For error messages.
    pub(super) fn seen(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// A connection that stays open.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

impl Connection {
    /// Connects.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the server or with `sender`, which then tells why.
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::try_from(address.to_string())? })
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn send(&mut self, call: Call) -> anyhow::Result<Answer> {
        let mut request = Request::new(Full::new(call.body));
        *request.method_mut() = call.method;
        *request.uri_mut() = call.target.parse()?;
        *request.headers_mut() = call.headers;
        request.headers_mut().insert(HOST, self.host.clone());
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

/// The cookies of one visit.
#[derive(Debug, Default)]
pub(super) struct CookieJar(Vec<(String, String)>);

impl CookieJar {
    /// Keeps what the answer sets, by name.
    pub(super) fn keep(&mut self, answer: &Answer) {
        let lines = answer.headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        for line in lines {
            let pair = line.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            self.0.retain(|(kept, _)| kept != name);
            self.0.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The call with all cookies.
    pub(super) fn add_to(&self, call: Call) -> Call {
        if self.0.is_empty() {
            return call;
        }
        let pairs: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        call.header(COOKIE, &pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cookies: &[&'static str]) -> Answer {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        Answer { status: StatusCode::OK, headers, body: Bytes::new() }
    }

    #[test]
    fn a_later_cookie_replaces_one_of_the_same_name() {
        let mut jar = CookieJar::default();
        jar.keep(&answer(&["a=1; Path=/; HttpOnly", "b=2"]));
        jar.keep(&answer(&["a=3; Path=/"]));
        let call = jar.add_to(Call::get("/"));
        assert_eq!(call.headers.get(COOKIE).unwrap(), "b=2; a=3");
    }

    #[test]
    fn a_form_is_encoded() {
        let call = Call::post("/", &[("redirect_uri", "http://localhost/cb"), ("code", "1 2")]);
        assert_eq!(call.body, "redirect_uri=http%3A%2F%2Flocalhost%2Fcb&code=1+2");
    }
}
