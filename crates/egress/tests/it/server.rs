//! A server of bytes: what it answers need not be HTTP, nor end.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

/// What the server does with a request.
pub(crate) enum Reply {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, then the last of them again and again.
    Endless(Vec<u8>),
    /// These bytes, and the connection stays open.
    Stalled(Vec<u8>),
    /// These bytes, as soon as the semaphore has a permit.
    After(Arc<Semaphore>, Vec<u8>),
}

/// A running server; it ends when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    counts: Arc<Counts>,
    _running: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Counts {
    requests: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Server {
    /// Answers each request, head and body as one text, by `answer`.
    pub(crate) async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1:0", None, answer).await
    }

    /// As [`Server::start`], on an address and behind TLS.
    pub(crate) async fn start_on(
        address: &str,
        tls: Option<TlsAcceptor>,
        answer: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (counts, answer) = (Arc::new(Counts::default()), Arc::new(answer));
        let shared = counts.clone();
        let running = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, tls.clone(), answer.clone(), shared.clone()));
            }
        });
        Self { address, counts, _running: AbortOnDropHandle::new(running) }
    }

    /// `http://127.0.0.1:port` and `path`.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(SeqCst)
    }

    /// Requests that were under way at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.counts.most.load(SeqCst)
    }
}

/// A whole answer with a length.
pub(crate) fn ok(content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A whole answer of JSON.
pub(crate) fn json(body: impl AsRef<[u8]>) -> Reply {
    Reply::Bytes(ok("application/json", body))
}

async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    answer: Arc<impl Fn(&str) -> Reply>,
    counts: Arc<Counts>,
) {
    match tls {
        None => answer_one(stream, &*answer, &counts).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                answer_one(stream, &*answer, &counts).await;
            }
        }
    }
}

async fn answer_one(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: &impl Fn(&str) -> Reply,
    counts: &Counts,
) {
    let Some(request) = read_request(&mut stream).await else { return };
    counts.requests.fetch_add(1, SeqCst);
    let running = counts.running.fetch_add(1, SeqCst) + 1;
    counts.most.fetch_max(running, SeqCst);
    match answer(&request) {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Reply::Endless(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let more = vec![*bytes.last().unwrap(); 4096];
            while stream.write_all(&more).await.is_ok() {}
        }
        Reply::Stalled(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.read_u8().await;
        }
        Reply::After(gate, bytes) => {
            gate.acquire().await.unwrap().forget();
            let _ = stream.write_all(&bytes).await;
        }
    }
    counts.running.fetch_sub(1, SeqCst);
    let _ = stream.shutdown().await;
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length: ").map(|length| length.parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
}
