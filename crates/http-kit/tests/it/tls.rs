//! TLS and the replacement of its certificate (T-010).

use std::{fs, path::Path, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use fiador_http_kit::{
    listener::ListenerSettings,
    tls::{CertificateError, CertificateFiles, ReloadableCertificate, server_config},
};
use reqwest::{Certificate, Client};
use tempfile::TempDir;

use crate::server::{Server, bind};

struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        Self { folder }
    }

    fn paths(&self) -> CertificateFiles {
        CertificateFiles {
            chain: self.folder.path().join("chain.pem"),
            key: self.folder.path().join("key.pem"),
        }
    }

    /// Puts a new self-signed pair in place and gives the certificate to trust.
    fn renew(&self) -> Certificate {
        let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let pem = pair.cert.pem();
        fs::write(self.paths().chain, &pem).unwrap();
        fs::write(self.paths().key, pair.signing_key.serialize_pem()).unwrap();
        mode(&self.paths().key, 0o600);
        Certificate::from_pem(pem.as_bytes()).unwrap()
    }
}

fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

async fn start(certificate: &Arc<ReloadableCertificate>) -> Server {
    let bound = bind(ListenerSettings::default()).await;
    let bound = bound.with_tls(server_config(certificate).unwrap());
    Server::serve(bound, Router::new().route("/", get(async || "private")))
}

/// A new connection that trusts only `certificate`.
async fn ask(server: &Server, certificate: &Certificate) -> Result<String, reqwest::Error> {
    let client = Client::builder()
        .tls_certs_only([certificate.clone()])
        .resolve("localhost", server.address)
        .build()?;
    let url = format!("https://localhost:{}/", server.address.port());
    client.get(url).send().await?.text().await
}

#[tokio::test]
async fn a_reload_gives_new_connections_the_new_certificate() {
    let files = Files::new();
    let old = files.renew();
    let certificate = ReloadableCertificate::load(files.paths()).unwrap();
    let server = start(&certificate).await;
    assert_eq!(ask(&server, &old).await.unwrap(), "private");

    let new = files.renew();
    certificate.reload().unwrap();
    assert_eq!(ask(&server, &new).await.unwrap(), "private");
    assert!(ask(&server, &old).await.is_err());
}

#[tokio::test]
async fn a_broken_replacement_leaves_the_old_certificate() {
    let files = Files::new();
    let old = files.renew();
    let certificate = ReloadableCertificate::load(files.paths()).unwrap();
    let server = start(&certificate).await;

    fs::write(files.paths().chain, "not a certificate").unwrap();
    let error = certificate.reload().unwrap_err();
    assert!(matches!(error, CertificateError::NotPem { .. }), "{error}");
    assert_eq!(ask(&server, &old).await.unwrap(), "private");
}

#[tokio::test]
async fn a_watched_file_is_taken_over_by_itself() {
    let files = Files::new();
    files.renew();
    let certificate = ReloadableCertificate::load(files.paths()).unwrap();
    let watching = tokio::spawn(Arc::clone(&certificate).watch(Duration::from_millis(20)));
    let server = start(&certificate).await;
    tokio::time::sleep(Duration::from_millis(50)).await;

    let new = files.renew();
    let taken = async {
        while ask(&server, &new).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), taken)
        .await
        .expect("the watcher takes the new certificate");
    watching.abort();
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let files = Files::new();
    files.renew();
    for (bits, accepted) in [(0o644, false), (0o660, false), (0o640, true), (0o400, true)] {
        mode(&files.paths().key, bits);
        let loaded = ReloadableCertificate::load(files.paths());
        match loaded {
            Ok(_) => assert!(accepted, "{bits:o}"),
            Err(error) => {
                assert!(!accepted, "{bits:o}: {error}");
                assert!(error.to_string().contains("chmod 600"));
            }
        }
    }
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let (one, two) = (Files::new(), Files::new());
    one.renew();
    two.renew();
    let mixed = CertificateFiles { chain: one.paths().chain, key: two.paths().key };
    let error = ReloadableCertificate::load(mixed).unwrap_err();
    assert!(matches!(error, CertificateError::Unusable { .. }), "{error}");
}

#[tokio::test]
async fn plain_http_on_a_tls_port_harms_nobody() {
    let files = Files::new();
    let certificate = files.renew();
    let server = start(&ReloadableCertificate::load(files.paths()).unwrap()).await;
    let said = server.talk_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(!said.starts_with(b"HTTP/"));
    assert_eq!(ask(&server, &certificate).await.unwrap(), "private");
}
