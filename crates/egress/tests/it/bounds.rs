//! How long, how much, how often (T-082).

use std::{sync::Arc, time::Duration};

use fiador_egress::GuardedClient;
use fiador_ports::{Fetch as _, FetchError, FetchLimits, FetchRequest};
use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    server::{Reply, Server, json, ok},
    world::{Names, get, loopback_client, settings},
};

/// The answer of a server that sends `bytes`.
async fn answer_to(bytes: impl Into<Vec<u8>>) -> Result<Vec<u8>, FetchError> {
    let bytes = bytes.into();
    let server = Server::start(move |_| Reply::Bytes(bytes.clone())).await;
    get(&loopback_client(), &server.url("/")).await.map(|answer| answer.body)
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inside = Server::start(|_| json("secret")).await;
    for status in ["301 M", "302 F", "303 S", "304 N", "307 T", "308 P"] {
        let location = inside.url("/");
        let redirect =
            format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(answer_to(redirect).await, Err(FetchError::Redirected), "{status}");
    }
    assert_eq!(inside.requests(), 0);
}

#[tokio::test]
async fn an_answer_that_is_not_complete_in_time_is_none() {
    for start in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"] {
        let server = Server::start(move |_| Reply::Stalled(start.into())).await;
        let mut request = FetchRequest::get(server.url("/"));
        request.limits.total = Duration::from_millis(200);
        let answer = loopback_client().fetch(request).await;
        assert_eq!(answer, Err(FetchError::TimedOut), "{start}");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn a_body_has_64_kib_at_most_whatever_its_framing() {
    let most = 64 * 1024;
    assert_eq!(answer_to(ok("text/plain", vec![b'x'; most])).await.map(|b| b.len()), Ok(most));
    let long = answer_to(ok("text/plain", vec![b'x'; most + 1])).await;
    assert_eq!(long, Err(FetchError::BodyTooLarge));

    for head in ["", "transfer-encoding: chunked\r\n", "content-length: 99999999999\r\n"] {
        let start = if head.starts_with("transfer") { "ffffffffff\r\nx" } else { "x" };
        let bytes = format!("HTTP/1.1 200 OK\r\n{head}\r\n{start}").into_bytes();
        let server = Server::start(move |_| Reply::Endless(bytes.clone())).await;
        let answer = get(&loopback_client(), &server.url("/")).await;
        assert_eq!(answer, Err(FetchError::BodyTooLarge), "{head}");
    }
}

#[tokio::test]
async fn limits_can_be_narrowed_and_not_widened() {
    let server = Server::start(|_| Reply::Bytes(ok("text/plain", "x".repeat(65 * 1024)))).await;
    let mut request = FetchRequest::get(server.url("/"));
    request.limits = FetchLimits { total: Duration::from_mins(5), body: usize::MAX };
    assert_eq!(loopback_client().fetch(request).await, Err(FetchError::BodyTooLarge));

    let server = Server::start(|_| json("12345678")).await;
    let mut request = FetchRequest::get(server.url("/"));
    request.limits.body = 7;
    assert_eq!(loopback_client().fetch(request).await, Err(FetchError::BodyTooLarge));
}

#[tokio::test]
async fn a_head_has_16_kib_and_64_headers_at_most() {
    let many = "x: y\r\n".repeat(65);
    let long = format!("x: {}\r\n", "y".repeat(17 * 1024));
    for headers in [many, long] {
        let answer = answer_to(format!("HTTP/1.1 200 OK\r\n{headers}\r\n")).await;
        assert_eq!(answer, Err(FetchError::HeadTooLarge));
    }
    let server = Server::start(|_| Reply::Endless(b"HTTP/1.1 200 OK\r\nx: y".to_vec())).await;
    let answer = get(&loopback_client(), &server.url("/")).await;
    assert_eq!(answer, Err(FetchError::HeadTooLarge));
}

#[tokio::test]
async fn what_is_compressed_is_not_unpacked() {
    // 20 bytes of gzip that stand for many more would pass a check of the transferred size.
    for header in
        ["content-encoding: gzip", "content-encoding: br", "transfer-encoding: gzip, chunked"]
    {
        let answer = answer_to(format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n0\r\n\r\n")).await;
        assert_eq!(answer, Err(FetchError::Compressed), "{header}");
    }
    let plain = "HTTP/1.1 200 OK\r\ncontent-encoding: identity\r\ncontent-length: 2\r\n\r\nok";
    assert_eq!(answer_to(plain).await, Ok(b"ok".to_vec()));
}

#[tokio::test]
async fn an_answer_that_is_cut_short_or_no_http_is_no_answer() {
    for bytes in [
        "",
        "no http\r\n\r\n",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    ] {
        assert_eq!(answer_to(bytes).await, Err(FetchError::Broken), "{bytes}");
    }
}

#[tokio::test]
async fn errors_of_the_other_side_come_with_their_status() {
    let server = Server::start(|_| {
        Reply::Bytes(b"HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy".to_vec())
    })
    .await;
    let answer = get(&loopback_client(), &server.url("/")).await.unwrap();
    assert_eq!((answer.status, answer.content_type), (503, None));
}

#[tokio::test]
async fn one_host_is_asked_four_times_at_once_and_no_more() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = gate.clone();
    let server = Server::start(move |_| Reply::After(opened.clone(), ok("text/plain", "ok"))).await;
    let client = Arc::new(loopback_client());
    let mut fetches = JoinSet::new();
    for _ in 0..12 {
        let (client, url) = (client.clone(), server.url("/"));
        fetches.spawn(async move { get(&client, &url).await });
    }
    while server.requests() < 4 {
        tokio::task::yield_now().await;
    }
    // Another host is not held up by a crowd before this one; another port of it is.
    let other = Server::start_on("127.0.0.2:0", None, |_| json("{}")).await;
    get(&client, &other.url("/")).await.unwrap();

    let neighbour = Server::start(|_| json("{}")).await;
    let mut request = FetchRequest::get(neighbour.url("/"));
    request.limits.total = Duration::from_millis(50);
    assert_eq!(client.fetch(request).await, Err(FetchError::NotAsked));

    gate.add_permits(12);
    for answer in fetches.join_all().await {
        assert_eq!(answer.unwrap().body, b"ok");
    }
    assert_eq!((server.requests(), server.most_at_once()), (12, 4));
}

#[tokio::test]
async fn all_hosts_together_are_asked_so_often_at_once_and_no_more() {
    let gate = Arc::new(Semaphore::new(0));
    let opened = gate.clone();
    let server = Server::start(move |_| Reply::After(opened.clone(), ok("text/plain", "ok"))).await;
    let names = Names::new(&[&["127.0.0.1"]]);
    let mut settings = settings(&["127.0.0.0/8"]);
    settings.parallel = 3;
    let client = GuardedClient::with_resolver(settings, Arc::new(names));
    let client = Arc::new(client);
    let mut fetches = JoinSet::new();
    for number in 0..8 {
        let url = format!("http://h{number}.example:{}/", server.address.port());
        let client = client.clone();
        fetches.spawn(async move { get(&client, &url).await });
    }
    while server.requests() < 3 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(8);
    for answer in fetches.join_all().await {
        answer.unwrap();
    }
    assert_eq!((server.requests(), server.most_at_once()), (8, 3));
}
