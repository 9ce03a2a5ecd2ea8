//! One connection from handshake to close.

use std::{
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use hyper::service::service_fn;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::{
    edge::{self, Edge},
    framing::Ambiguity,
    pace::Pace,
    stream::WatchedStream,
    tide::{Tide, TideWatch},
};

/// What the stream and the requests of one connection share.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) edge: Arc<Edge>,
    pub(super) peer: SocketAddr,
    pub(super) pace: Pace,
    requests: AtomicU64,
    ambiguous: OnceLock<(u64, Ambiguity)>,
}

impl Connection {
    fn new(edge: Arc<Edge>, peer: SocketAddr) -> Self {
        Self {
            pace: Pace::new(&edge.settings),
            edge,
            peer,
            requests: AtomicU64::new(0),
            ambiguous: OnceLock::new(),
        }
    }

    /// The stream saw that request number `head` of this connection is ambiguous.
    pub(super) fn framing_is_ambiguous(&self, head: u64, why: Ambiguity) {
        // The scanner stops at the first one, so the cell is empty.
        let _ = self.ambiguous.set((head, why));
    }

    /// Counts a request; tells why its framing, or that of an earlier one, must not be trusted.
    pub(super) fn count_request(&self) -> Option<Ambiguity> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let &(head, why) = self.ambiguous.get()?;
        (number >= head).then_some(why)
    }
}

/// Serves `stream` until the peer leaves, stays too long, or the tide turns.
pub(super) async fn run(
    stream: TcpStream,
    peer: SocketAddr,
    edge: Arc<Edge>,
    http: Arc<Builder<TokioExecutor>>,
    tls: Option<TlsAcceptor>,
    tide: TideWatch,
) {
    // An answer is one write; waiting for more would only add 40 ms to it.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let head_timeout = edge.settings.head_timeout;
    let connection = Arc::new(Connection::new(edge, peer));
    let Some(tls) = tls else {
        return converse(stream, connection, &http, tide).await;
    };
    match timeout(head_timeout, tls.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, connection, &http, tide).await,
        Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
        Err(_) => tracing::debug!("TLS handshake took too long"),
    }
}

async fn converse<S>(
    stream: S,
    connection: Arc<Connection>,
    http: &Builder<TokioExecutor>,
    mut tide: TideWatch,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let stream = TokioIo::new(WatchedStream::new(stream, Arc::clone(&connection)));
    let service = service_fn(|request| edge::answer(Arc::clone(&connection), request));
    let mut exchange = pin!(http.serve_connection(stream, service));
    let mut outstayed = pin!(connection.pace.outstayed());
    loop {
        tokio::select! {
            biased;
            ended = exchange.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended early");
                }
                return;
            }
            stage = tide.turned() => match stage {
                Tide::Open => {}
                Tide::Draining => exchange.as_mut().graceful_shutdown(),
                Tide::Cut => return,
            },
            () = outstayed.as_mut() => {
                tracing::debug!("connection closed: too slow, or idle for too long");
                return;
            }
        }
    }
}
