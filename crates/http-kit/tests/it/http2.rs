//! HTTP/2 abuse stays inside its connection (T-009).

use std::time::Duration;

use axum::{Router, body::Bytes, http::Request, routing::any};
use h2::client::{SendRequest, handshake};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use crate::server::Server;

fn router() -> Router {
    Router::new()
        .route("/", any(async |body: Bytes| body.len().to_string()))
        .route("/slow", any(async || std::future::pending::<&'static str>().await))
}

async fn connect(
    server: &Server,
) -> (SendRequest<Bytes>, tokio::task::JoinHandle<Result<(), h2::Error>>) {
    let (sender, connection) = handshake(server.connect().await).await.unwrap();
    (sender, tokio::spawn(connection))
}

fn get(path: &str) -> Request<()> {
    Request::get(format!("http://a{path}")).body(()).unwrap()
}

async fn status(sender: &mut SendRequest<Bytes>, request: Request<()>) -> u16 {
    let (response, _) = sender.send_request(request, true).unwrap();
    response.await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_client_with_prior_knowledge_is_served() {
    let server = Server::start(router()).await;
    let (mut sender, _connection) = connect(&server).await;
    assert_eq!(status(&mut sender, get("/")).await, 200);
}

#[tokio::test]
async fn a_large_head_is_431_and_a_long_address_414() {
    let server = Server::start(router()).await;
    let (mut sender, _connection) = connect(&server).await;
    let mut request = get("/");
    request.headers_mut().insert("x-large", "y".repeat(17 * 1024).parse().unwrap());
    assert_eq!(status(&mut sender, request).await, 431);
    let long = format!("/?{}", "a".repeat(9 * 1024));
    assert_eq!(status(&mut sender, get(&long)).await, 414);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let server = Server::start(router()).await;
    let (mut sender, _connection) = connect(&server).await;
    let request = Request::post("http://a/").header("content-length", "70000").body(()).unwrap();
    let (response, mut body) = sender.send_request(request, false).unwrap();
    body.send_data(Bytes::from(vec![0; 70_000]), true).unwrap();
    assert_eq!(response.await.unwrap().status(), 413);
}

/// A frame of RFC 9113 §4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The connection preface, then `frames`; what the server says until it closes.
async fn flood(server: &Server, frames: &[u8]) -> Vec<u8> {
    let mut stream = server.connect().await;
    let mut opening = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    opening.extend(frame(0x4, 0, 0, b""));
    opening.extend(frames);
    let (mut reading, mut writing) = stream.split();
    let mut said = Vec::new();
    let read = async {
        // The end may be a reset, because the server stops reading the flood.
        let _ = reading.read_to_end(&mut said).await;
    };
    let write = async {
        let _ = writing.write_all(&opening).await;
    };
    timeout(Duration::from_secs(20), async { tokio::join!(read, write) })
        .await
        .expect("the server ends the connection");
    said
}

#[tokio::test]
async fn a_flood_of_resets_costs_the_connection_and_nobody_else() {
    // CVE-2023-44487
    let server = Server::start(router()).await;
    let mut frames = Vec::new();
    for stream in (1..4_000).step_by(2) {
        // GET, http, /, authority "a"; END_STREAM and END_HEADERS. Then RST_STREAM(CANCEL).
        frames.extend(frame(0x1, 0x5, stream, b"\x82\x86\x84\x41\x01a"));
        frames.extend(frame(0x3, 0, stream, &8_u32.to_be_bytes()));
    }
    let said = flood(&server, &frames).await;
    // GOAWAY with ENHANCE_YOUR_CALM.
    assert!(said.windows(4).any(|code| code == 11_u32.to_be_bytes()));

    let (mut other, _connection) = connect(&server).await;
    assert_eq!(status(&mut other, get("/")).await, 200);
}

#[tokio::test]
async fn a_flood_of_continuations_costs_the_connection_and_nobody_else() {
    // CVE-2024-27316: a head that never ends.
    let server = Server::start(router()).await;
    let mut frames = frame(0x1, 0, 1, b"\x82\x86\x84\x41\x01a");
    for _ in 0..2_000 {
        let field = [&b"\x00\x01x\x7f\x81\x0f"[..], &[b'y'; 270]].concat();
        frames.extend(frame(0x9, 0, 1, &field));
    }
    let said = flood(&server, &frames).await;
    assert!(!said.is_empty());

    let (mut other, _connection) = connect(&server).await;
    assert_eq!(status(&mut other, get("/")).await, 200);
}
