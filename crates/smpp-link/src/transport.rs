//! Connections: TCP, and TLS on top where it is configured.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf},
    net::TcpStream,
};
use tokio_util::codec::FramedRead;

use crate::{
    frame::FrameDecoder,
    settings::CentreSettings,
    tls::{self, TlsError},
};

/// Bytes in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// The receiving half; octets behind the PDU just read stay in its buffer.
pub(crate) type Reader = FramedRead<ReadHalf<Box<dyn Duplex>>, FrameDecoder>;
/// The sending half.
pub(crate) type Writer = WriteHalf<Box<dyn Duplex>>;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("cannot connect: {0}")]
    Tcp(#[from] io::Error),
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Connects; the caller bounds the time.
pub(crate) async fn connect(centre: &CentreSettings) -> Result<(Reader, Writer), ConnectError> {
    let stream = TcpStream::connect((centre.host.as_str(), centre.port)).await?;
    // A PDU is small and somebody waits for the answer.
    stream.set_nodelay(true)?;
    let stream: Box<dyn Duplex> = match &centre.tls {
        None => Box::new(stream),
        Some(tls) => Box::new(tls::handshake(stream, centre, tls).await?),
    };
    let (read, write) = tokio::io::split(stream);
    Ok((FramedRead::new(read, FrameDecoder), write))
}
