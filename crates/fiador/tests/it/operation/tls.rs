//! TLS of `serve`: versions, and renewed certificates without a restart (T-010).

use std::{fs, sync::Arc};

use fiador_testkit::peers::{Behaviour, MessageCentre};
use rcgen::{CertificateParams, KeyPair};
use tokio::net::TcpStream;
use tokio_rustls::rustls::{
    self,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

use crate::world::{Running, Site, eventually};

/// A self-signed certificate for `localhost`, written where the gateway looks for it.
fn new_certificate(site: &Site) -> CertificateDer<'static> {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    site.write_secret("tls.key", &key.serialize_pem());
    fs::write(site.file("tls.pem"), certificate.pem()).unwrap();
    CertificateDer::from_pem_slice(certificate.pem().as_bytes()).unwrap()
}

async fn with_tls(site: &Site) -> Running {
    let (certificate, key) = (site.file("tls.pem"), site.file("tls.key"));
    let tls =
        format!("public.tls = {{ certificate_file = {certificate:?}, key_file = {key:?} }}\n");
    let text = site.configuration().replace("public.address", &format!("{tls}public.address"));
    site.start_with(&text).await
}

/// Whether a client that trusts `certificate` and speaks only `version` can connect.
async fn connects(
    running: &Running,
    certificate: &CertificateDer<'static>,
    version: &'static rustls::SupportedProtocolVersion,
) -> bool {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let address = running.gateway.text("/public").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, stream).await.is_ok()
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken_and_nothing_older() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let certificate = new_certificate(&site);
    let running = with_tls(&site).await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        assert!(connects(&running, &certificate, version).await, "{version:?}");
    }
    // A ClientHello of TLS 1.0, written by hand: RFC 2246 §7.4.1.2.
    let mut hello = vec![22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 2, 0, 47, 1, 0]);
    let base = running.listener("public");
    let answer = crate::world::raw_exchange(&base, &hello).await;
    // An alert record, or silence; never a ServerHello (handshake record 22).
    assert_ne!(answer.as_bytes().first(), Some(&22), "T-010: {answer:?}");
    let plain = crate::world::raw_get(&base, "/jwks", "").await;
    assert!(!plain.contains("keys"), "plain HTTP on a TLS port: {plain}");
}

#[tokio::test]
async fn a_renewed_certificate_is_used_without_a_restart() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let old = new_certificate(&site);
    let running = with_tls(&site).await;
    let version = &rustls::version::TLS13;
    assert!(connects(&running, &old, version).await);
    let new = new_certificate(&site);
    eventually("the new certificate is shown", async || {
        connects(&running, &new, version).await.then_some(())
    })
    .await;
}
