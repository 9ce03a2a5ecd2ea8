//! SIGTERM: what is under way is answered, then the process ends by itself.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use fiador_testkit::peers::{Behaviour, Event, MessageCentre};

use crate::world::{Sandbox, Site};

/// One GET, read to the end; nothing if nobody listens.
fn get(address: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// Asks until `wanted` holds, for half a minute.
fn until(what: &str, mut wanted: impl FnMut() -> bool) {
    for _ in 0..1500 {
        if wanted() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("this did not happen within 30 seconds: {what}");
}

#[test]
fn a_request_under_way_is_answered_and_the_end_is_a_success() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut running = Site::new().through("only", &centre).start_empty();
    let public = running.gateway.text("/public").unwrap().to_owned();
    let metrics = running.gateway.text("/metrics").unwrap().to_owned();
    until("a message centre is connected", || {
        get(&metrics, "/readyz").is_some_and(|answer| answer.contains("centre: connected"))
    });

    // Half a token request is on its way when the signal comes.
    let mut stream = TcpStream::connect(&public).unwrap();
    let body = "grant_type=authorization_code";
    let head = format!(
        "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{}",
        body.len(),
        &body[..10]
    );
    stream.write_all(head.as_bytes()).unwrap();
    let idle = TcpStream::connect(&public).unwrap();
    let rest = std::thread::spawn(move || {
        until("the gateway drains", || {
            get(&metrics, "/readyz").is_some_and(|answer| answer.contains("draining"))
        });
        until("the public port is closed", || TcpStream::connect(&public).is_err());
        stream.write_all(&body.as_bytes()[10..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let status = running.gateway.terminate().unwrap();
    let answer = rest.join().unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("invalid_client"), "{answer}");
    assert!(status.success(), "{status}: {}", running.gateway.log());
    drop(idle);

    // The message centre got a good-bye (SMPP 3.4 §4.2).
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bye = centre.next_matching(|event| matches!(event, Event::Unbind { .. }));
    runtime.block_on(bye).unwrap();
}

#[test]
fn a_drain_has_an_end() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let text = site.configuration().replace("[listeners]\n", "[listeners]\ndrain_seconds = 1\n");
    let config = site.write_configuration_as(&text);
    let arguments = ["serve", "--config", &config];
    let mut gateway =
        fiador_testkit::process::Gateway::start(crate::world::BINARY, &arguments).unwrap();
    let mut stuck = TcpStream::connect(gateway.text("/public").unwrap()).unwrap();
    stuck
        .write_all(b"POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx")
        .unwrap();
    // Reading begins before the signal: the answer to a second request shows that it is served.
    get(gateway.text("/public").unwrap(), "/jwks").unwrap();
    assert!(gateway.terminate().unwrap().success(), "{}", gateway.log());
}

#[test]
fn a_sandbox_ends_by_itself_too_and_leaves_no_folder() {
    let mut sandbox = Sandbox::start(&["--tls"]);
    let file = std::path::PathBuf::from(sandbox.text("/ca_file"));
    assert!(file.exists());
    assert!(sandbox.gateway.terminate().unwrap().success());
    assert!(!file.parent().unwrap().exists(), "the temporary state was left behind");
}
