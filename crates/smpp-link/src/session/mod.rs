//! One bound session: three loops over one connection until one of them ends it.
//!
//! [`reader`] answers the centre and resolves what it answered, [`writer`] sends, [`watch`] keeps
//! the time. They share the [`window`] of requests without an answer. When the session ends, what
//! was sent and not answered is *unknown* to its callers: it may have arrived.

mod bind;
mod reader;
mod request;
mod watch;
mod window;
mod writer;

use std::time::Duration;

use parking_lot::Mutex;
use rusmpp::Pdu;
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

pub(crate) use bind::{BindError, bind};
pub(crate) use request::{Handle, Outcome, Request, channel};
use window::Window;

use crate::{
    frame::FrameError,
    ledger::Ledger,
    reports::Reporter,
    settings::CentreSettings,
    transport::{Reader, Writer},
};

/// Answers waiting to be written at most; a centre that asks more without reading is made to wait.
const OUTGOING: usize = 64;

/// Why a session is over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum End {
    #[error("we have unbound")]
    Unbound,
    #[error("the centre has unbound")]
    UnboundByCentre,
    #[error("the centre closed the connection")]
    Closed,
    #[error("the centre does not answer enquire_link")]
    Silent,
    #[error("the centre does not read what we send")]
    Stalled,
    #[error("a defect of the gateway")]
    Defect,
    #[error(transparent)]
    Broken(#[from] FrameError),
}

/// What a session works with.
pub(crate) struct Context<'a> {
    pub(crate) centre: &'a CentreSettings,
    pub(crate) ledger: &'a Mutex<Ledger>,
    pub(crate) reporter: &'a Reporter,
    /// Ends the session in good order.
    pub(crate) shutdown: &'a CancellationToken,
    /// How long good order may take at each step.
    pub(crate) grace: Duration,
}

/// Serves `requests` over a connection that is bound, until it ends.
pub(crate) async fn run(
    context: Context<'_>,
    mut reader: Reader,
    mut writer: Writer,
    mut requests: mpsc::Receiver<Request>,
) -> End {
    let (outgoing, mut queue) = mpsc::channel(OUTGOING);
    let session = Session {
        context,
        window: Mutex::new(Window::default()),
        window_shrank: Notify::new(),
        last_received: Mutex::new(Instant::now()),
        outgoing,
    };
    tokio::select! {
        end = reader::read(&session, &mut reader) => end,
        end = writer::write(&session, &mut writer, &mut queue, &mut requests) => end,
        end = watch::watch(&session) => end,
    }
}

/// What the three loops share.
struct Session<'a> {
    context: Context<'a>,
    window: Mutex<Window>,
    /// A submit was answered or given up.
    window_shrank: Notify,
    last_received: Mutex<Instant>,
    outgoing: mpsc::Sender<Outgoing>,
}

impl Session<'_> {
    fn name(&self) -> &str {
        &self.context.centre.name
    }

    async fn send(&self, outgoing: Outgoing) {
        // The writer holds the other end for as long as the session lives.
        let _ = self.outgoing.send(outgoing).await;
    }
}

/// What the writer sends besides submits.
enum Outgoing {
    /// A response to the centre.
    Answer { pdu: Pdu, status: u32, sequence_number: u32 },
    /// "Are you there?"
    EnquireLink,
    /// A response after which the session is over.
    LastWords { pdu: Pdu, status: u32, sequence_number: u32, end: End },
}
