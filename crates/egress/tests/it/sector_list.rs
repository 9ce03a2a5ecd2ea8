//! `sector_identifier_uri` (OpenID Connect Core §8.1).

use fiador_domain::client::{Client, ClientKeySource};
use fiador_egress::{SectorListError, check_sector_list};
use fiador_ports::FetchError;

use crate::{
    keys::client,
    server::{Reply, Server, ok},
    world::loopback_client,
};

const REGISTERED: [&str; 2] = ["https://a.example/cb", "https://b.example/cb"];

fn listed_at(uri: Option<String>) -> Client {
    Client {
        redirect_uris: REGISTERED.map(str::to_owned).to_vec(),
        sector_identifier_uri: uri,
        ..client(ClientKeySource::None)
    }
}

async fn outcome(answer: Vec<u8>) -> Result<(), SectorListError> {
    let server = Server::start(move |_| Reply::Bytes(answer.clone())).await;
    check_sector_list(&loopback_client(), &listed_at(Some(server.url("/")))).await
}

#[tokio::test]
async fn a_list_that_holds_every_redirect_uri_is_believed() {
    let list = r#"["https://c.example/", "https://b.example/cb", "https://a.example/cb"]"#;
    assert_eq!(outcome(ok("application/json; charset=utf-8", list)).await, Ok(()));
    assert_eq!(check_sector_list(&loopback_client(), &listed_at(None)).await, Ok(()));
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_listed_byte_for_byte_is_refused() {
    for (list, missing) in [
        (r#"["https://a.example/cb"]"#, REGISTERED[1]),
        (r#"["https://a.example/cb", "https://b.example/cb/"]"#, REGISTERED[1]),
        (r#"["https://A.example/cb", "https://b.example/cb"]"#, REGISTERED[0]),
        ("[]", REGISTERED[0]),
    ] {
        let refused = Err(SectorListError::NotListed(missing.to_owned()));
        assert_eq!(outcome(ok("application/json", list)).await, refused);
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused_by_its_reason() {
    // T-082.
    let many = format!("[{}]", vec![r#""https://a.example/""#; 257].join(","));
    for (answer, reason) in [
        (ok("text/plain", "[]"), SectorListError::ContentType),
        (ok("application/json", "{}"), SectorListError::NotAList),
        (ok("application/json", "[1]"), SectorListError::NotAList),
        (ok("application/json", many), SectorListError::NotAList),
        (b"HTTP/1.1 404 N\r\n\r\n".to_vec(), SectorListError::Status(404)),
        (
            b"HTTP/1.1 301 M\r\nlocation: https://a.example/\r\n\r\n".to_vec(),
            FetchError::Redirected.into(),
        ),
    ] {
        assert_eq!(outcome(answer).await, Err(reason));
    }
}

#[tokio::test]
async fn private_places_are_refused() {
    // T-081.
    let private = listed_at(Some("https://10.0.0.1/".to_owned()));
    let refused = check_sector_list(&loopback_client(), &private).await;
    assert_eq!(refused, Err(FetchError::ForbiddenAddress.into()));
}
