//! TLS towards a centre: our own trust anchors, nothing from the system.

use std::{
    fs::File,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
};

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{
    CertificateDer, InvalidDnsNameError, PrivateKeyDer, ServerName, pem, pem::PemObject,
};
use tokio::{net::TcpStream, task::spawn_blocking};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::settings::{CentreSettings, TlsSettings};

/// A file of 1 MiB is no certificate.
const MAX_FILE: u64 = 1024 * 1024;

/// Why TLS did not come about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot read {file}: {source}")]
    File { file: String, source: io::Error },
    #[error("{file} has mode {mode:03o}: others can reach the private key; use `chmod 600` or 640")]
    KeyExposed { file: String, mode: u32 },
    #[error("{file} is larger than 1 MiB; this is no certificate or key")]
    TooLarge { file: String },
    #[error("{file} is not PEM of the expected kind: {source}")]
    Pem { file: String, source: pem::Error },
    #[error("{file} holds no certificate")]
    NoCertificate { file: String },
    #[error("the server name is neither a host name nor an address")]
    ServerName(#[from] InvalidDnsNameError),
    #[error("the certificates cannot be used: {0}")]
    Rustls(#[from] rustls::Error),
    #[error("the TLS handshake failed: {0}")]
    Handshake(#[from] io::Error),
}

/// Shakes hands on a fresh connection.
pub(crate) async fn handshake(
    stream: TcpStream,
    centre: &CentreSettings,
    tls: &TlsSettings,
) -> Result<TlsStream<TcpStream>, TlsError> {
    let name = tls.server_name.clone().unwrap_or_else(|| centre.host.clone());
    let name = ServerName::try_from(name)?;
    let tls = tls.clone();
    let config = spawn_blocking(move || client_config(&tls)).await.map_err(io::Error::other)??;
    Ok(TlsConnector::from(Arc::new(config)).connect(name, stream).await?)
}

/// Reads and checks the files.
pub(crate) fn client_config(tls: &TlsSettings) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(&tls.ca_file)? {
        roots.add(authority)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let Some(own) = &tls.client_certificate else {
        return Ok(builder.with_no_client_auth());
    };
    Ok(builder
        .with_client_auth_cert(certificates(&own.certificate_file)?, private_key(&own.key_file)?)?)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let pem = read(open(file)?, file)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates.map_err(|source| TlsError::Pem { file: name(file), source })?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate { file: name(file) });
    }
    Ok(certificates)
}

/// The group may read, as secrets mounted by container platforms need; nobody else may do anything.
fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let opened = open(file)?;
    let metadata = opened.metadata().map_err(|source| unreadable(file, source))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o027 != 0 {
        return Err(TlsError::KeyExposed { file: name(file), mode });
    }
    PrivateKeyDer::from_pem_slice(&read(opened, file)?)
        .map_err(|source| TlsError::Pem { file: name(file), source })
}

fn open(file: &Path) -> Result<File, TlsError> {
    File::open(file).map_err(|source| unreadable(file, source))
}

fn read(opened: File, file: &Path) -> Result<Vec<u8>, TlsError> {
    let mut content = Vec::new();
    let most = opened.take(MAX_FILE + 1).read_to_end(&mut content);
    most.map_err(|source| unreadable(file, source))?;
    if content.len() as u64 > MAX_FILE {
        return Err(TlsError::TooLarge { file: name(file) });
    }
    Ok(content)
}

fn unreadable(file: &Path, source: io::Error) -> TlsError {
    TlsError::File { file: name(file), source }
}

fn name(file: &Path) -> String {
    file.display().to_string()
}
