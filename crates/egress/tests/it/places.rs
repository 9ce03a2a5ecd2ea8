//! Where the client goes, and where it does not (T-081).

use fiador_ports::{Fetch as _, FetchError, FetchRequest};

use crate::{
    server::{Server, json},
    tls,
    world::{Names, client, client_with_names, get, loopback_client},
};

#[tokio::test]
async fn private_places_are_refused_without_a_connection() {
    let server = Server::start(|_| json("{}")).await;
    let port = server.address.port();
    let client = client(&[]);
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0",
        "0.0.0.0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "[fd00::1]",
        "[fe80::1]",
        "224.0.0.1",
        "192.0.2.1",
        "localhost",
    ] {
        let answer = get(&client, &format!("https://{host}:{port}/")).await;
        assert_eq!(answer, Err(FetchError::ForbiddenAddress), "{host}");
    }
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_private_addresses_is_refused() {
    let names = Names::new(&[&["10.1.2.3", "fd00::1"]]);
    let client = client_with_names(&[], &names);
    assert_eq!(get(&client, "https://keys.example/").await, Err(FetchError::ForbiddenAddress));
}

#[tokio::test]
async fn the_name_is_resolved_once_and_what_was_checked_is_asked() {
    // The second answer is what a rebinding name server would slip in between check and use.
    let good = Server::start(|_| json("1")).await;
    let port = good.address.port();
    let inside = Server::start_on(&format!("127.0.0.2:{port}"), None, |_| json("2")).await;
    let names = Names::new(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = client_with_names(&["127.0.0.1"], &names);
    let answer = get(&client, &format!("http://keys.example:{port}/")).await.unwrap();
    assert_eq!(answer.body, b"1");
    assert_eq!((names.asked(), good.requests(), inside.requests()), (1, 1, 0));

    let again = get(&client, &format!("https://keys.example:{port}/")).await;
    assert_eq!(again, Err(FetchError::ForbiddenAddress));
    assert_eq!(inside.requests(), 0);
}

#[tokio::test]
async fn of_mixed_addresses_only_the_allowed_ones_are_asked() {
    let good = Server::start(|_| json("1")).await;
    let port = good.address.port();
    let inside = Server::start_on(&format!("127.0.0.2:{port}"), None, |_| json("2")).await;
    let names = Names::new(&[&["127.0.0.2", "127.0.0.1"]]);
    let client = client_with_names(&["127.0.0.1"], &names);
    let answer = get(&client, &format!("http://keys.example:{port}/")).await.unwrap();
    assert_eq!((answer.body, inside.requests()), (b"1".to_vec(), 0));
}

#[tokio::test]
async fn plain_http_is_for_named_places_only() {
    let server = Server::start(|_| json("{}")).await;
    let port = server.address.port();
    assert_eq!(get(&client(&[]), &server.url("/")).await, Err(FetchError::PlainHttp));
    let public = Names::new(&[&["8.8.8.8"]]);
    let nowhere = client_with_names(&[], &public);
    assert_eq!(get(&nowhere, "http://keys.example/").await, Err(FetchError::PlainHttp));
    assert_eq!(server.requests(), 0);

    let by_name = client(&[&format!("localhost:{port}")]);
    get(&by_name, &format!("http://localhost:{port}/")).await.unwrap();
    let other = get(&by_name, &format!("http://localhost:{}/", port ^ 1)).await;
    assert_eq!(other, Err(FetchError::PlainHttp));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_named_place_does_not_open_its_neighbours() {
    let client = client(&["127.0.0.1:9000", "10.0.0.0/8"]);
    for url in ["https://127.0.0.1:9001/", "https://127.0.0.2:9000/", "https://[::1]:9000/"] {
        assert_eq!(get(&client, url).await, Err(FetchError::ForbiddenAddress), "{url}");
    }
}

#[tokio::test]
async fn a_name_without_address_and_a_port_without_server_are_told_apart() {
    let silent = client_with_names(&[], &Names::new(&[]));
    assert_eq!(get(&silent, "https://keys.example/").await, Err(FetchError::Unresolved));
    let empty = client_with_names(&[], &Names::new(&[&[]]));
    assert_eq!(get(&empty, "https://keys.example/").await, Err(FetchError::Unresolved));

    let gone = Server::start(|_| json("{}")).await.url("/");
    assert_eq!(get(&loopback_client(), &gone).await, Err(FetchError::Unreachable));
}

#[tokio::test]
async fn the_certificate_is_checked_against_the_name_in_the_url() {
    let port = |server: &Server| server.address.port();
    let names = Names::new(&[&["127.0.0.1"]]);
    let client = client_with_names(&["127.0.0.1"], &names);

    let start = |tls| Server::start_on("127.0.0.1:0", Some(tls), |request| json(request));
    let good = start(tls::known("keys.example")).await;
    let url = format!("https://keys.example:{}/jwks?x=1", port(&good));
    let answer = get(&client, &url).await.unwrap();
    let request = String::from_utf8(answer.body).unwrap();
    assert!(request.starts_with("GET /jwks?x=1 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("host: keys.example:{}\r\n", port(&good))), "{request}");

    for bad in [tls::known("other.example"), tls::unknown("keys.example")] {
        let server = start(bad).await;
        let url = format!("https://keys.example:{}/", port(&server));
        assert_eq!(get(&client, &url).await, Err(FetchError::Tls));
        assert_eq!(server.requests(), 0);
    }

    let plain = Server::start(|_| json("{}")).await;
    let url = format!("https://keys.example:{}/", port(&plain));
    assert_eq!(get(&client, &url).await, Err(FetchError::Tls));
}

#[tokio::test]
async fn a_request_carries_what_it_was_given_and_nothing_of_the_gateway() {
    let server = Server::start(|request| json(request)).await;
    let body = br#"{"a":1}"#.to_vec();
    let request = FetchRequest::post(server.url("/x"), "application/json", body)
        .header("accept", "application/json")
        .header("host", "elsewhere.example")
        .header("user-agent", "other");
    let answer = loopback_client().fetch(request).await.unwrap();
    let sent = String::from_utf8(answer.body).unwrap();
    let (head, body) = sent.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head.split("\r\n").skip(1).collect();
    lines.sort_unstable();
    let host = format!("host: {}", server.address);
    let expected = [
        "accept-encoding: identity",
        "accept: application/json",
        "connection: close",
        "content-length: 7",
        "content-type: application/json",
        &host,
        "user-agent: Fiador",
    ];
    assert!(head.starts_with("POST /x HTTP/1.1\r\n"), "{head}");
    assert_eq!((lines, body), (expected.to_vec(), r#"{"a":1}"#));

    let broken = FetchRequest::get(server.url("/")).header("x-a", "a\r\nx-b: b");
    assert_eq!(loopback_client().fetch(broken).await, Err(FetchError::InvalidHeader));
}

#[test]
fn a_request_in_a_log_shows_sizes_and_no_content() {
    // T-280: a URL may hold a number, a header a secret.
    let request = FetchRequest::post("https://a.example/34600000001", "text/x", b"34600".to_vec())
        .header("authorization", "Bearer word");
    let shown = format!("{request:?}");
    for hidden in ["34600", "word", "51, 52"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(shown.contains("<2 headers>"), "{shown}");
}
