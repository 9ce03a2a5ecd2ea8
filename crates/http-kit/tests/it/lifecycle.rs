//! Binding and draining.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get};
use fiador_http_kit::listener::{Bound, Drained, ListenerSettings};
use tokio::{io::AsyncWriteExt, sync::Notify};

use crate::server::{Server, bind, read_to_close, read_until};

/// A route that says when it was entered and answers when it is let go.
fn held() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (entered_here, go_here) = (Arc::clone(&entered), Arc::clone(&go));
    let handler = async move || {
        entered_here.notify_one();
        go_here.notified().await;
        "finished"
    };
    (Router::new().route("/", get(handler)), entered, go)
}

#[tokio::test]
async fn the_address_is_known_before_serving_and_taken() {
    let bound = bind(ListenerSettings::default()).await;
    let address = bound.address();
    assert_ne!(address.port(), 0);
    let error = Bound::bind("second", address, ListenerSettings::default()).await.unwrap_err();
    assert!(error.to_string().contains("choose another address"));
}

#[tokio::test]
async fn a_drain_finishes_what_is_in_flight_and_takes_nothing_new() {
    let (router, entered, go) = held();
    let server = Server::start(router).await;
    let address = server.address;
    let mut resting = server.connect().await;
    let mut busy = server.connect().await;
    let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    busy.write_all(request).await.unwrap();
    entered.notified().await;

    let ended = server.stop();
    assert_eq!(read_to_close(&mut resting).await, "");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());

    go.notify_one();
    let answer = read_to_close(&mut busy).await;
    assert!(answer.ends_with("finished"), "{answer}");
    assert_eq!(ended.await.unwrap(), Drained { cut: 0 });
}

#[tokio::test]
async fn a_request_that_outlasts_the_drain_limit_is_cut() {
    let (router, entered, _go) = held();
    let settings =
        ListenerSettings { drain_limit: Duration::from_millis(50), ..ListenerSettings::default() };
    let server = Server::start_with(router, settings).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    entered.notified().await;
    let ended = server.stop();
    assert_eq!(read_to_close(&mut busy).await, "");
    assert_eq!(ended.await.unwrap(), Drained { cut: 1 });
}

#[tokio::test]
async fn two_hundred_connections_are_served_side_by_side() {
    let server = Server::start(Router::new().route("/", get(async || "ok"))).await;
    let mut streams = Vec::new();
    for _ in 0..200 {
        streams.push(server.connect().await);
    }
    for stream in &mut streams {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    }
    for stream in &mut streams {
        read_until(stream, "ok").await;
    }
    assert_eq!(server.stop().await.unwrap(), Drained { cut: 0 });
}
