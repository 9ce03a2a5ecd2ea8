//! `sector_identifier_uri` (OpenID Connect Core §8.1).

use fiador_egress::{SectorIdentifierError, check_sector_identifier};
use fiador_ports::FetchError;

use crate::{
    server::{Reply, Server, json, ok},
    tls,
    world::{Names, client_with_names, loopback_client},
};

const REGISTERED: [&str; 2] = ["https://a.example/cb", "https://b.example/cb"];

async fn outcome(answer: Vec<u8>) -> Result<String, SectorIdentifierError> {
    let server = Server::start(move |_| Reply::Bytes(answer.clone())).await;
    let uris = REGISTERED.map(str::to_owned);
    check_sector_identifier(&loopback_client(), &server.url("/"), &uris, true).await
}

#[tokio::test]
async fn the_sector_is_the_host_of_a_list_that_holds_all_redirect_uris() {
    let list = r#"["https://c.example/", "https://b.example/cb", "https://a.example/cb"]"#;
    let server =
        Server::start_on("127.0.0.1:0", Some(tls::known("sector.example")), move |_| json(list))
            .await;
    let client = client_with_names(&["127.0.0.1"], &Names::new(&[&["127.0.0.1"]]));
    let uri = format!("https://Sector.example:{}/list", server.address.port());
    let uris = REGISTERED.map(str::to_owned);
    let sector = check_sector_identifier(&client, &uri, &uris, false).await;
    assert_eq!(sector, Ok("sector.example".to_owned()));
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_listed_byte_for_byte_is_refused() {
    for (list, missing) in [
        (r#"["https://a.example/cb"]"#, REGISTERED[1]),
        (r#"["https://a.example/cb", "https://b.example/cb/"]"#, REGISTERED[1]),
        (r#"["https://A.example/cb", "https://b.example/cb"]"#, REGISTERED[0]),
        ("[]", REGISTERED[0]),
    ] {
        let refused = Err(SectorIdentifierError::NotListed(missing.to_owned()));
        assert_eq!(outcome(ok("application/json", list)).await, refused);
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused_by_its_reason() {
    let many = format!("[{}]", vec![r#""https://a.example/""#; 257].join(","));
    for (answer, reason) in [
        (ok("text/plain", "[]"), SectorIdentifierError::ContentType),
        (ok("application/json", "{}"), SectorIdentifierError::Malformed),
        (ok("application/json", "[1]"), SectorIdentifierError::Malformed),
        (ok("application/json", many), SectorIdentifierError::Malformed),
        (b"HTTP/1.1 404 N\r\n\r\n".to_vec(), SectorIdentifierError::Status(404)),
        (
            b"HTTP/1.1 301 M\r\nlocation: https://a.example/\r\n\r\n".to_vec(),
            FetchError::Redirected.into(),
        ),
    ] {
        assert_eq!(outcome(answer).await, Err(reason));
    }
}

#[tokio::test]
async fn plain_http_and_private_places_are_refused() {
    let client = loopback_client();
    for uri in ["http://a.example/", "ftp://a.example/", "a.example", "data:application/json,[]"] {
        let refused = check_sector_identifier(&client, uri, &[], false).await;
        assert_eq!(refused, Err(SectorIdentifierError::NotHttps), "{uri}");
    }
    let refused = check_sector_identifier(&client, "https://10.0.0.1/", &[], false).await;
    assert_eq!(refused, Err(FetchError::ForbiddenAddress.into()));
}
