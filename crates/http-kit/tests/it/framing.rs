//! Requests that two parsers could read differently (T-004).

use axum::{Router, body::Bytes, routing::any};

use crate::server::Server;

fn router() -> Router {
    Router::new().route("/", any(async |body: Bytes| format!("[{}]", body.len())))
}

#[tokio::test]
async fn ambiguous_framing_is_refused_and_the_connection_closed() {
    let server = Server::start(router()).await;
    for head in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length : 5\r\n\r\nhello",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "X: a\r\n b\r\n\r\n",
        "X: a\n\r\n",
        "X: a\rY: b\r\n\r\n",
        "X: a\0b\r\n\r\n",
    ] {
        let answer = server.talk(format!("POST / HTTP/1.1\r\nHost: a\r\n{head}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_smuggled_second_request_is_not_answered() {
    let server = Server::start(router()).await;
    let answer = server
        .talk("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await;
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "{answer}");
}

#[tokio::test]
async fn a_good_request_before_an_ambiguous_one_is_answered() {
    let server = Server::start(router()).await;
    let answer = server
        .talk("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\nHost: a\r\n\r\n")
        .await;
    let (first, second) = answer.split_once("[5]").expect(&answer);
    assert!(first.starts_with("HTTP/1.1 200 "));
    assert!(second.starts_with("HTTP/1.1 400 "), "{second}");
}

#[tokio::test]
async fn malformed_chunks_end_the_request() {
    let server = Server::start(router()).await;
    for body in
        ["-1\r\nx\r\n0\r\n\r\n", "fffffffffffffffff\r\nx", "1\r\nxx\r\n0\r\n\r\n", "1 1\r\nx\r\n"]
    {
        let answer = server
            .talk(format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}"))
            .await;
        assert!(!answer.contains("HTTP/1.1 200"), "{body:?}: {answer:?}");
    }
}

#[tokio::test]
async fn a_chunked_request_is_answered_and_ends_the_connection() {
    let server = Server::start(router()).await;
    let answer = server
        .talk("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
        .await;
    assert!(answer.ends_with("[5]"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"));
}
