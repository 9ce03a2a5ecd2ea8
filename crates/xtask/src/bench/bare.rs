//! The floor: a bare HTTP server in a process of its own.
//!
//! It reads whatever is sent and answers the same small JSON; everything that an HTTP server has
//! to do is there (sockets, parsing, keep-alive, a runtime with as many threads as the gateway
//! has), and nothing else.

use std::io::{BufRead as _, BufReader, Write as _, stdout};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::http::Call;
use super::load::{self, Lanes};
use super::process::cpu_of;

/// As long as an introspection response.
const ANSWER: &[u8] = br#"{"active":true,"scope":"openid phone","client_id":"bench","token_type":"Bearer","exp":1795348800,"iat":1795345200}"#;

/// The server; it ends with this value.
pub(super) struct BareServer {
    process: Child,
    address: SocketAddr,
}

impl BareServer {
    /// Starts it on a free port.
    pub(super) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut command = Command::new(program);
        command.arg("bench-bare-server").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().context("the bare server does not start")?;
        let output = process.stdout.take().context("the bare server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self { process, address: line.trim().parse().context("the bare server is not ready")? })
    }

    /// Processor time of the server for one request: `users` send the recorded requests, each on
    /// the lane that it was recorded on, `repetitions` times, with a pause before each request.
    pub(super) async fn cost(
        &self,
        recorded: &Recording,
        users: u64,
        repetitions: u64,
        pause: Duration,
    ) -> anyhow::Result<Duration> {
        let begin = cpu_of(self.process.id())?;
        let address = self.address;
        load::run(users, |_| replay(address, recorded.clone(), repetitions, pause)).await?;
        let spent = cpu_of(self.process.id())?.saturating_sub(begin);
        let requests = users * repetitions * recorded.0.len() as u64;
        Ok(spent / u32::try_from(requests).context("too many requests")?)
    }
}

impl Drop for BareServer {
    fn drop(&mut self) {
        // It has nothing to lose; if it is gone already, so much the better.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Requests in the order they were sent, with the lane of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording(pub(super) Vec<(load::Lane, Call)>);

async fn replay(
    address: SocketAddr,
    recorded: Recording,
    repetitions: u64,
    pause: Duration,
) -> anyhow::Result<()> {
    let mut lanes = Lanes::open(address).await?;
    for _ in 0..repetitions {
        for (lane, call) in &recorded.0 {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            lanes.send(*lane, call.clone()).await?;
        }
    }
    Ok(())
}

/// The server's side: prints its address and serves until it is killed.
pub(crate) fn serve() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        writeln!(stdout(), "{}", listener.local_addr()?)?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::spawn(converse(stream));
        }
    })
}

async fn converse(stream: TcpStream) {
    // A peer that leaves early is no concern of a floor.
    let _ = stream.set_nodelay(true);
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
    let _ = connection.await;
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    request.into_body().collect().await?;
    let mut response = Response::new(Full::new(Bytes::from_static(ANSWER)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
