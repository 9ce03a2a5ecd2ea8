//! TLS towards a centre: our own trust anchors, nothing from the system.

use std::{io, path::Path, sync::Arc};

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{
    CertificateDer, InvalidDnsNameError, PrivateKeyDer, ServerName, pem, pem::PemObject,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::settings::{CentreSettings, TlsSettings};

/// Why TLS did not come about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot read {file}: {source}")]
    File { file: String, source: io::Error },
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
    let connector = TlsConnector::from(Arc::new(client_config(tls).await?));
    Ok(connector.connect(name, stream).await?)
}

async fn client_config(tls: &TlsSettings) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(&tls.ca_file).await? {
        roots.add(authority)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let Some(own) = &tls.client_certificate else {
        return Ok(builder.with_no_client_auth());
    };
    let key = PrivateKeyDer::from_pem_slice(&read(&own.key_file).await?)
        .map_err(|source| TlsError::Pem { file: name(&own.key_file), source })?;
    Ok(builder.with_client_auth_cert(certificates(&own.certificate_file).await?, key)?)
}

async fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let pem = read(file).await?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let certificates = certificates.map_err(|source| TlsError::Pem { file: name(file), source })?;
    if certificates.is_empty() {
        return Err(TlsError::NoCertificate { file: name(file) });
    }
    Ok(certificates)
}

async fn read(file: &Path) -> Result<Vec<u8>, TlsError> {
    tokio::fs::read(file).await.map_err(|source| TlsError::File { file: name(file), source })
}

fn name(file: &Path) -> String {
    file.display().to_string()
}
