//! A stretch of network that can go silent.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// Forwards connections to a port of this machine. Silent, it accepts and forwards nothing.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    silent: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Needs a runtime of several threads: the test's own thread blocks while processes start.
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let silent = Arc::new(watch::Sender::new(false));
        let state = Arc::clone(&silent);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let (near_read, near_write) = near.into_split();
                let (far_read, far_write) = far.into_split();
                tokio::spawn(forward(near_read, far_write, state.subscribe()));
                tokio::spawn(forward(far_read, near_write, state.subscribe()));
            }
        });
        Self { address, silent }
    }

    pub(crate) fn go_silent(&self) {
        self.silent.send_replace(true);
    }

    pub(crate) fn speak_again(&self) {
        self.silent.send_replace(false);
    }
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut silent: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if silent.wait_for(|silent| !silent).await.is_err()
            || to.write_all(&buffer[..count]).await.is_err()
        {
            return;
        }
    }
}
