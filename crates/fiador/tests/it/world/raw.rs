//! HTTP/1.1 as octets, for requests that no client library would send.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;

/// Writes `request` to the port of `base`, and reads until the gateway closes the connection.
pub(crate) async fn raw_exchange(base: &str, request: &[u8]) -> String {
    let port = Url::parse(base).unwrap().port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    // The gateway may answer and close before it has read everything.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// One GET with a query of any octets and more header lines (each ended by CR LF).
pub(crate) async fn raw_get(base: &str, target: &str, headers: &str) -> String {
    let head =
        format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    raw_exchange(base, head.as_bytes()).await
}
