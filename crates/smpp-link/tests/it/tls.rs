//! TLS towards a real centre (T-132).

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc};

use fiador_ports::MessageCentre as _;
use fiador_smpp_link::{CentreSettings, ClientCertificate, LinkState, TlsSettings};
use fiador_testkit::peers::{Behaviour, MessageCentre, Tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{RootCertStore, ServerConfig, server::WebPkiClientVerifier};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::{io::AsyncReadExt, net::TcpListener};
use tokio_rustls::TlsAcceptor;

use crate::support::{Link, OTP_TEXT, centre, message, settings};

struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn certify(&self, name: &str) -> Tls {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Tls { key: key.serialize_pem(), cert: certificate.pem() }
    }
}

fn secured(port: u16, authority: &Authority, server_name: Option<&str>) -> CentreSettings {
    let tls = TlsSettings {
        ca_file: authority.file(),
        server_name: server_name.map(str::to_owned),
        client_certificate: None,
    };
    CentreSettings { tls: Some(tls), ..centre("a", port) }
}

fn start(tls: Tls) -> MessageCentre {
    MessageCentre::npm(&Behaviour { tls: Some(tls), ..Behaviour::default() }).unwrap()
}

#[tokio::test]
async fn a_message_travels_inside_tls_under_our_own_authority() {
    let authority = Authority::new();
    let mut peer = start(authority.certify("smsc.example"));
    let port = peer.address().port();
    let link = Link::start(settings(vec![secured(port, &authority, Some("smsc.example"))]));
    link.bound("a").await;
    link.submit(message(OTP_TEXT)).await.unwrap();
    assert_eq!(peer.next_submit().await.unwrap().status, Some(0));
}

#[tokio::test]
async fn a_certificate_of_a_stranger_or_for_another_name_gets_no_password() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let peer = start(stranger.certify("smsc.example"));
    let port = peer.address().port();
    let link = Link::start(settings(vec![secured(port, &authority, Some("smsc.example"))]));
    link.reaches("a", LinkState::Waiting).await;
    assert!(!link.is_available());

    let peer = start(authority.certify("other.example"));
    let port = peer.address().port();
    let link = Link::start(settings(vec![secured(port, &authority, Some("smsc.example"))]));
    link.reaches("a", LinkState::Waiting).await;
    assert!(!link.is_available());
}

#[tokio::test]
async fn a_missing_authority_file_is_an_error_and_not_a_connection_without_tls() {
    let authority = Authority::new();
    let peer = MessageCentre::npm(&Behaviour::default()).unwrap();
    let link = Link::start(settings(vec![secured(peer.address().port(), &authority, None)]));
    std::fs::remove_file(authority.file()).unwrap();
    link.reaches("a", LinkState::Waiting).await;
    assert!(!link.is_available());
}

#[tokio::test]
async fn a_centre_that_asks_for_a_client_certificate_gets_ours_before_the_password() {
    let authority = Authority::new();
    let own = authority.certify("gateway.example");
    let (certificate_file, key_file) =
        (authority.folder.path().join("own.pem"), authority.folder.path().join("own.key"));
    std::fs::write(&certificate_file, &own.cert).unwrap();
    std::fs::write(&key_file, &own.key).unwrap();
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut centre =
        secured(listener.local_addr().unwrap().port(), &authority, Some("smsc.example"));
    let client_certificate = Some(ClientCertificate { certificate_file, key_file });
    centre.tls = centre.tls.map(|tls| TlsSettings { client_certificate, ..tls });
    let _link = Link::start(settings(vec![centre]));

    let acceptor = TlsAcceptor::from(Arc::new(strict_server(&authority)));
    let mut stream = acceptor.accept(listener.accept().await.unwrap().0).await.unwrap();
    let mut header = [0; 8];
    stream.read_exact(&mut header).await.unwrap();
    assert_eq!(header[4..], [0, 0, 0, 9]);
    let shown = stream.get_ref().1.peer_certificates().unwrap();
    assert_eq!(shown[0], CertificateDer::from_pem_slice(own.cert.as_bytes()).unwrap());
}

#[test]
fn a_client_key_that_others_can_read_is_refused() {
    let authority = Authority::new();
    let own = authority.certify("gateway.example");
    let file = |name: &str, content: &str| {
        let file = authority.folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    };
    let (certificate_file, key_file) = (file("own.pem", &own.cert), file("own.key", &own.key));
    let mut centre = secured(2776, &authority, None);
    let client_certificate =
        Some(ClientCertificate { certificate_file, key_file: key_file.clone() });
    centre.tls = centre.tls.map(|tls| TlsSettings { client_certificate, ..tls });
    let settings = settings(vec![centre]);
    for (mode, good) in [(0o644, false), (0o660, false), (0o640, true), (0o600, true)] {
        std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(settings.check_files().is_ok(), good, "{mode:o}");
    }
}

/// A server that talks only to clients with a certificate of `authority`.
fn strict_server(authority: &Authority) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.file()).unwrap()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let identity = authority.certify("smsc.example");
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(identity.cert.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap(),
        )
        .unwrap()
}
