//! The three stages in the life of a listener, told to every connection.

use tokio::sync::watch;

/// What connections are asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tide {
    /// Serve.
    Open,
    /// Finish the requests in flight, take no new ones.
    Draining,
    /// Close at once.
    Cut,
}

/// The connection's end of the news.
#[derive(Clone, Debug)]
pub(super) struct TideWatch(watch::Receiver<Tide>);

/// A new tide, open, and the first watch on it.
pub(super) fn tide() -> (watch::Sender<Tide>, TideWatch) {
    let (sender, receiver) = watch::channel(Tide::Open);
    (sender, TideWatch(receiver))
}

impl TideWatch {
    /// Waits until the stage is another one than when last asked. A vanished listener is a cut.
    pub(super) async fn turned(&mut self) -> Tide {
        match self.0.changed().await {
            Ok(()) => *self.0.borrow_and_update(),
            Err(_) => Tide::Cut,
        }
    }
}
