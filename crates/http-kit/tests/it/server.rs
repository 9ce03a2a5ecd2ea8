//! A listener on a free port, and raw talk to it.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use fiador_http_kit::listener::{Bound, Drained, ListenerSettings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Drained>,
}

impl Server {
    pub(crate) async fn start(router: Router) -> Self {
        Self::start_with(router, ListenerSettings::default()).await
    }

    pub(crate) async fn start_with(router: Router, settings: ListenerSettings) -> Self {
        let bound = bind(settings).await;
        Self::serve(bound, router)
    }

    pub(crate) fn serve(bound: Bound, router: Router) -> Self {
        let address = bound.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(bound.serve(router, async {
            let _ = stopped.await;
        }));
        Self { address, stop, serving }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks the listener to stop; the handle gives how it ended.
    pub(crate) fn stop(self) -> JoinHandle<Drained> {
        let _ = self.stop.send(());
        self.serving
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes on a fresh connection and reads until the server closes it.
    pub(crate) async fn talk(&self, bytes: impl AsRef<[u8]>) -> String {
        String::from_utf8(self.talk_bytes(bytes).await).unwrap()
    }

    pub(crate) async fn talk_bytes(&self, bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        bytes_to_close(&mut stream).await
    }
}

pub(crate) async fn bind(settings: ListenerSettings) -> Bound {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    Bound::bind("test", any, settings).await.unwrap()
}

/// Everything until the peer closes; a connection that stays open fails the test.
pub(crate) async fn read_to_close(stream: &mut TcpStream) -> String {
    String::from_utf8(bytes_to_close(stream).await).unwrap()
}

async fn bytes_to_close(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    timeout(Duration::from_secs(20), stream.read_to_end(&mut all))
        .await
        .expect("the server closes the connection")
        .unwrap();
    all
}

/// Reads until the text so far contains `wanted`.
pub(crate) async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut all = String::new();
    let mut piece = [0; 4096];
    while !all.contains(wanted) {
        let read = timeout(Duration::from_secs(20), stream.read(&mut piece))
            .await
            .expect("more bytes")
            .unwrap();
        assert_ne!(read, 0, "closed after {all:?}");
        all.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    all
}
