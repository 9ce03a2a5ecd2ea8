//! From a target to bytes in both directions.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use fiador_ports::FetchError;
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::Host;

use crate::{target::Target, trust::Tls};

/// Addresses of one host that are tried.
const MAX_ADDRESSES: usize = 4;

/// Bytes in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Connects to exactly one of `addresses`, which the caller has checked; the name is not resolved
/// again (T-081).
pub(crate) async fn connect(
    target: &Target,
    addresses: &[IpAddr],
    patience: Duration,
    tls: &Tls,
) -> Result<Box<dyn Duplex>, FetchError> {
    let stream = first_to_accept(addresses, target.port, patience).await?;
    if !target.https {
        return Ok(Box::new(stream));
    }
    let name = server_name(&target.host)?;
    let stream = TlsConnector::from(tls.config().await?).connect(name, stream).await;
    Ok(Box::new(stream.map_err(|_| FetchError::Tls)?))
}

async fn first_to_accept(
    addresses: &[IpAddr],
    port: u16,
    patience: Duration,
) -> Result<TcpStream, FetchError> {
    let mut outcome = FetchError::Unreachable;
    for address in addresses.iter().take(MAX_ADDRESSES) {
        let attempt = TcpStream::connect(SocketAddr::new(*address, port));
        match timeout(patience, attempt).await {
            Ok(Ok(stream)) => {
                // One small request, and somebody waits for the answer.
                stream.set_nodelay(true).map_err(|_| FetchError::Unreachable)?;
                return Ok(stream);
            }
            Ok(Err(_)) => {}
            Err(_) => outcome = FetchError::NotAsked,
        }
    }
    Err(outcome)
}

fn server_name(host: &Host<String>) -> Result<ServerName<'static>, FetchError> {
    match host {
        // A certificate never holds the dot that ends a full name.
        Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned())
            .map_err(|_| FetchError::InvalidUrl),
        Host::Ipv4(address) => Ok(IpAddr::from(*address).into()),
        Host::Ipv6(address) => Ok(IpAddr::from(*address).into()),
    }
}
