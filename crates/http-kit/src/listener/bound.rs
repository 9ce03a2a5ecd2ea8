//! A bound port and the accept loop on it.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use http::{HeaderName, HeaderValue};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};
use tokio_util::task::TaskTracker;

use super::{
    ListenerSettings, connection,
    edge::Edge,
    tide::{Tide, TideWatch, tide},
};
use crate::outcome::OutcomeLayer;

/// The port cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error(
    "listener {name}: cannot listen on {address}: {error}; choose another address or stop the program that holds it"
)]
pub struct BindError {
    /// The listener's name.
    pub name: &'static str,
    /// The address asked for.
    pub address: SocketAddr,
    /// What the operating system said.
    #[source]
    pub error: io::Error,
}

/// How a listener ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were cut because they outlasted the drain limit; zero is a clean end.
    pub cut: usize,
}

/// A port that is taken but not yet served, so that its address is known before anything depends
/// on it (port 0 lets the system choose).
#[derive(Debug)]
pub struct Bound {
    name: &'static str,
    listener: TcpListener,
    address: SocketAddr,
    settings: ListenerSettings,
    tls: Option<Arc<ServerConfig>>,
    mark: Option<(HeaderName, HeaderValue)>,
}

impl Bound {
    /// Takes `address`. `name` (`public`, `admin`, …) labels logs and metrics.
    pub async fn bind(
        name: &'static str,
        address: SocketAddr,
        settings: ListenerSettings,
    ) -> Result<Self, BindError> {
        let refused = |error| BindError { name, address, error };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(Self { name, listener, address, settings, tls: None, mark: None })
    }

    /// Speaks TLS with this configuration (see [`tls`](crate::tls)); without, plain HTTP.
    #[must_use]
    pub fn with_tls(mut self, config: Arc<ServerConfig>) -> Self {
        self.tls = Some(config);
        self
    }

    /// Puts this header on every answer.
    #[must_use]
    pub fn with_mark(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.mark = Some((name, value));
        self
    }

    /// The address listened on, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `router` until `stop` completes, then drains: the port closes, requests in flight
    /// are finished for at most [`ListenerSettings::drain_limit`], the rest is cut.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()> + Send) -> Drained {
        let name = self.name;
        let drain_limit = self.settings.drain_limit;
        let (turn, watch) = tide();
        let connections = TaskTracker::new();
        self.accept(router, stop, &connections, watch).await;

        connections.close();
        let _ = turn.send(Tide::Draining);
        if timeout(drain_limit, connections.wait()).await.is_ok() {
            return Drained { cut: 0 };
        }
        let cut = connections.len();
        tracing::warn!(listener = name, cut, "drain limit reached; connections are cut");
        let _ = turn.send(Tide::Cut);
        connections.wait().await;
        Drained { cut }
    }

    async fn accept(
        self,
        router: Router,
        stop: impl Future<Output = ()> + Send,
        connections: &TaskTracker,
        tide: TideWatch,
    ) {
        let http = Arc::new(http(&self.settings));
        let places =
            Arc::new(Semaphore::new(self.settings.max_connections.min(Semaphore::MAX_PERMITS)));
        let open = metrics::gauge!("fiador_http_connections", "listener" => self.name);
        let router = router.layer(OutcomeLayer::new(self.name));
        let edge = Arc::new(Edge::new(self.settings, self.mark, router));
        let tls = self.tls.map(TlsAcceptor::from);

        let mut stop = pin!(stop);
        loop {
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (place, next_connection(&self.listener, self.name).await)
            };
            let (place, (stream, peer)) = tokio::select! {
                biased;
                () = stop.as_mut() => return,
                next = next => next,
            };
            let serving = connection::run(
                stream,
                peer,
                Arc::clone(&edge),
                Arc::clone(&http),
                tls.clone(),
                tide.clone(),
            );
            let open = open.clone();
            connections.spawn(async move {
                open.increment(1);
                serving.await;
                open.decrement(1);
                drop(place);
            });
        }
    }
}

/// The next connection; errors of one connection or a passing lack of file descriptors are waited
/// out, because a listener that gives up is an outage.
async fn next_connection(listener: &TcpListener, name: &'static str) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(
                    listener = name, %error,
                    "cannot accept connections; raise the limit of open files if this repeats"
                );
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

/// Protocol bounds that hyper itself keeps (T-002, T-009).
fn http(settings: &ListenerSettings) -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    // Request line, separators, and a little air, so that the edge gives the precise answer for
    // what is slightly too large and hyper a bare 431 for the rest.
    let head = settings.max_head_bytes + settings.max_uri_bytes + 4 * 1024;
    http.http1()
        .timer(TokioTimer::new())
        // `Pace` watches the head, from the first byte on and also before the version is known.
        .header_read_timeout(None)
        .max_buf_size(head.max(8 * 1024));
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(settings.max_streams)
        .max_header_list_size(u32::try_from(head).unwrap_or(u32::MAX))
        // Rapid reset: streams reset by the peer before they were accepted, and by us for its
        // errors; beyond these the connection is closed with GOAWAY.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100)
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(512 * 1024)
        .max_send_buf_size(64 * 1024)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10));
    http
}
