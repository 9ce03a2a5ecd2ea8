//! Size and time (T-001, T-002, T-003).

use std::time::Duration;

use axum::{Router, extract::Request, routing::post};
use fiador_http_kit::{FormRejection, Problem, listener::ListenerSettings, read_form};
use reqwest::Client;
use tokio::io::AsyncWriteExt;

use crate::server::{Server, read_to_close, read_until};

async fn count(request: Request) -> Result<String, FormRejection> {
    Ok(read_form(request).await?.len().to_string())
}

fn router() -> Router {
    Router::new().route("/form", post(count).get(count)).fallback(async || Problem::internal())
}

fn hurried() -> ListenerSettings {
    ListenerSettings {
        head_timeout: Duration::from_millis(150),
        request_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(400),
        ..ListenerSettings::default()
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_413() {
    // T-001
    let server = Server::start(router()).await;
    for (length, status) in [(64 * 1024, 400), (64 * 1024 + 1, 413), (900 * 1024, 413)] {
        // One value over 4 KiB: what is small enough to be read is refused by the decoder.
        let body = format!("a={}", "x".repeat(length - 2));
        let answer = Client::new()
            .post(server.url("/form"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{length}");
    }
}

#[tokio::test]
async fn a_chunked_body_is_counted_while_it_streams() {
    // T-001: no length is announced.
    let server = Server::start(router()).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n")
        .await
        .unwrap();
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    for _ in 0..17 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let answer = read_to_close(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("request.body_too_large"));
}

#[tokio::test]
async fn a_route_that_reads_no_body_refuses_a_large_one_too() {
    let server = Server::start(router()).await;
    let answer =
        Client::new().post(server.url("/nowhere")).body(vec![0; 100_000]).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.headers()["connection"], "close");
}

#[tokio::test]
async fn a_long_address_is_414_and_a_large_head_431() {
    // T-002
    let server = Server::start(router()).await;
    let uri = |length: usize| format!("/form?{}", "a".repeat(length - 6));
    let status = async |uri: String, head: usize| {
        let request = Client::new().get(server.url(&uri)).header("x-large", "y".repeat(head));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(uri(8 * 1024), 10).await, 400, "name too long, but read");
    assert_eq!(status(uri(8 * 1024 + 1), 10).await, 414);
    assert_eq!(status("/form".to_owned(), 16 * 1024).await, 431);
    assert_eq!(status("/form".to_owned(), 60 * 1024).await, 431);
    assert_eq!(status("/form".to_owned(), 15 * 1024).await, 200);
}

#[tokio::test]
async fn a_head_that_trickles_is_cut_off() {
    // T-003: bytes that keep coming do not extend the time of a head.
    let server = Server::start_with(router(), hurried()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /form HTTP/1.1\r\n").await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let trickle = async {
        while writing.write_all(b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let mut sink = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut sink);
    tokio::select! {
        // Closed: an end, or a reset by the bytes that nobody reads any more.
        _ = tokio::time::timeout(Duration::from_secs(20), read) => {}
        () = trickle => {}
    }
    assert_eq!(sink, b"");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    // T-003: also before it is known which version of HTTP it will speak.
    let server = Server::start_with(router(), hurried()).await;
    let mut stream = server.connect().await;
    assert_eq!(read_to_close(&mut stream).await, "");
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_and_closed_after_its_rest() {
    let server = Server::start_with(router(), hurried()).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        let request = b"GET /form HTTP/1.1\r\nHost: a\r\n\r\n";
        stream.write_all(request).await.unwrap();
        read_until(&mut stream, "\r\n\r\n0").await;
    }
    assert_eq!(read_to_close(&mut stream).await, "");
}

#[tokio::test]
async fn a_body_that_stops_coming_ends_the_request() {
    let server = Server::start_with(router(), hurried()).await;
    let answer =
        server.talk("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\na=").await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("request.timed_out"));
}

#[tokio::test]
async fn connections_over_the_bound_wait_for_a_place() {
    // T-260
    let settings = ListenerSettings { max_connections: 1, ..ListenerSettings::default() };
    let server = Server::start_with(router(), settings).await;
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    let request = b"GET /form HTTP/1.1\r\nHost: a\r\n\r\n";
    first.write_all(request).await.unwrap();
    read_until(&mut first, "\r\n\r\n0").await;
    second.write_all(request).await.unwrap();
    let early = tokio::time::timeout(Duration::from_millis(100), second.readable()).await;
    assert!(early.is_err(), "the second connection has no place yet");
    drop(first);
    read_until(&mut second, "\r\n\r\n0").await;
}
