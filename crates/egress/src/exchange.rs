//! One HTTP/1.1 request and its answer, on a connection of their own.

use bytes::Bytes;
use fiador_ports::{FetchError, FetchMethod, FetchRequest, FetchResponse};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Method, Request, Response,
    body::{Body as _, Incoming},
    client::conn::http1,
    header::{
        ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderName, HeaderValue,
        TRANSFER_ENCODING, USER_AGENT,
    },
};
use hyper_util::rt::TokioIo;
use tokio_util::task::AbortOnDropHandle;

use crate::{connect::Duplex, target::Target};

/// Most bytes of status line and headers.
const MAX_HEAD: usize = 16 * 1024;

/// Most headers.
const MAX_HEADERS: usize = 64;

/// Sends the request and reads the answer. The caller bounds the time.
pub(crate) async fn exchange(
    stream: Box<dyn Duplex>,
    target: &Target,
    request: FetchRequest,
) -> Result<FetchResponse, FetchError> {
    let most = request.limits.body;
    let request = compose(target, request)?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEAD)
        .max_header_size(MAX_HEAD)
        .max_headers(MAX_HEADERS)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| FetchError::Broken)?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let answer = sender.send_request(request).await.map_err(|error| broken(&error))?;
    read(answer, most).await
}

fn compose(target: &Target, request: FetchRequest) -> Result<Request<Full<Bytes>>, FetchError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let name = HeaderName::try_from(&**name).map_err(|_| FetchError::InvalidHeader)?;
        let value = HeaderValue::try_from(value).map_err(|_| FetchError::InvalidHeader)?;
        headers.append(name, value);
    }
    let host = HeaderValue::try_from(&target.authority).map_err(|_| FetchError::InvalidUrl)?;
    headers.insert(HOST, host);
    headers.insert(USER_AGENT, HeaderValue::from_static("Fiador"));
    // What is not decompressed cannot grow (T-082).
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));

    let mut composed = Request::new(Full::new(Bytes::from(request.body)));
    *composed.method_mut() = match request.method {
        FetchMethod::Get => Method::GET,
        FetchMethod::Post => Method::POST,
    };
    *composed.uri_mut() = target.path.parse().map_err(|_| FetchError::InvalidUrl)?;
    *composed.headers_mut() = headers;
    Ok(composed)
}

async fn read(answer: Response<Incoming>, most: usize) -> Result<FetchResponse, FetchError> {
    let status = answer.status();
    if status.is_redirection() {
        return Err(FetchError::Redirected);
    }
    if status.is_informational() {
        return Err(FetchError::Broken);
    }
    let (head, body) = answer.into_parts();
    if has_other_than(&head.headers, &CONTENT_ENCODING, "identity")
        || has_other_than(&head.headers, &TRANSFER_ENCODING, "chunked")
    {
        return Err(FetchError::Compressed);
    }
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.map(str::to_owned);

    if body.size_hint().lower() > most as u64 {
        return Err(FetchError::BodyTooLarge);
    }
    let body = Limited::new(body, most).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { FetchError::BodyTooLarge } else { FetchError::Broken }
    })?;
    let body = body.to_bytes().to_vec();
    Ok(FetchResponse { status: status.as_u16(), content_type, body })
}

fn has_other_than(headers: &HeaderMap, name: &HeaderName, plain: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(plain.as_bytes()))
}

fn broken(error: &hyper::Error) -> FetchError {
    if error.is_parse_too_large() { FetchError::HeadTooLarge } else { FetchError::Broken }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    /// Bytes that begin like an answer, so that more than the first line is looked at.
    fn answers() -> impl Strategy<Value = Vec<u8>> {
        let begins = proptest::sample::select(vec![
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
        ]);
        let rest = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..200),
            "[0-9a-f;:\r\n -]{0,200}".prop_map(String::into_bytes),
        ];
        (begins, rest).prop_map(|(begin, rest)| [begin.as_bytes(), &rest].concat())
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_within_bounds_or_an_error(bytes in answers()) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
            let outcome = runtime.unwrap().block_on(async {
                let (here, mut there) = tokio::io::duplex(4096);
                there.write_all(&bytes).await.unwrap();
                there.shutdown().await.unwrap();
                let target = Target::parse("https://a.example/").unwrap();
                let mut request = FetchRequest::get("https://a.example/");
                request.limits.body = 100;
                let exchange = exchange(Box::new(here), &target, request);
                tokio::time::timeout(Duration::from_secs(10), exchange).await
            });
            if let Ok(answer) = outcome.expect("an answer that has ended is decided") {
                prop_assert!(answer.body.len() <= 100);
                prop_assert!(matches!(answer.status, 200..=299 | 400..));
            }
        }
    }
}
