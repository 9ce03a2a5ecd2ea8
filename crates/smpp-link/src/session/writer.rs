//! What goes out: answers first, then submits as callers bring them; at the end, the good-bye.
//!
//! Under load several requests and answers leave in one write: each write is a system call and a
//! segment of its own.

use rusmpp::Pdu;
use tokio::{
    io::AsyncWriteExt,
    sync::mpsc,
    task::yield_now,
    time::{Instant, sleep_until, timeout},
};

use super::{End, Outgoing, Request, Session};
use crate::{frame::FrameError, pdu, status, transport::Writer};

/// Octets that are gathered for one write, about.
const GATHERED: usize = 8 * 1024;

/// Writes until the session ends, or until it was asked to end and has said good-bye.
pub(super) async fn write(
    session: &Session<'_>,
    writer: &mut Writer,
    queue: &mut mpsc::Receiver<Outgoing>,
    requests: &mut mpsc::Receiver<Request>,
) -> End {
    let mut line = Line { session, writer, gathered: Vec::new(), end: None };
    let ended = async {
        serve(&mut line, queue, requests).await?;
        drain(&mut line, queue, requests).await?;
        unbind(&mut line, queue).await
    };
    match ended.await {
        Ok(()) => End::Unbound,
        Err(end) => end,
    }
}

/// Everyday work, until the shutdown.
async fn serve(
    line: &mut Line<'_>,
    queue: &mut mpsc::Receiver<Outgoing>,
    requests: &mut mpsc::Receiver<Request>,
) -> Result<(), End> {
    let shutdown = line.session.context.shutdown;
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return Ok(()),
            Some(outgoing) = queue.recv() => line.put(outgoing),
            Some(request) = requests.recv() => line.put_submit(request),
        }
        // Whoever is about to bring more does so now.
        yield_now().await;
        while line.end.is_none() && line.gathered.len() < GATHERED {
            if let Ok(outgoing) = queue.try_recv() {
                line.put(outgoing);
            } else if let Ok(request) = requests.try_recv() {
                line.put_submit(request);
            } else {
                break;
            }
        }
        line.write().await?;
    }
}

/// Takes no new submits and lets those under way come to their answers.
async fn drain(
    line: &mut Line<'_>,
    queue: &mut mpsc::Receiver<Outgoing>,
    requests: &mut mpsc::Receiver<Request>,
) -> Result<(), End> {
    let session = line.session;
    let deadline = Instant::now() + session.context.grace;
    requests.close();
    while let Ok(request) = requests.try_recv() {
        line.submit(request).await?;
    }
    loop {
        let shrank = session.window_shrank.notified();
        tokio::pin!(shrank);
        shrank.as_mut().enable();
        if session.window.lock().is_idle() {
            return Ok(());
        }
        tokio::select! {
            () = sleep_until(deadline) => return Ok(()),
            Some(outgoing) = queue.recv() => line.send(outgoing).await?,
            () = shrank => {}
        }
    }
}

/// Says good-bye and goes on answering until the centre has heard it (then the reader ends the
/// session) or the time is up.
async fn unbind(line: &mut Line<'_>, queue: &mut mpsc::Receiver<Outgoing>) -> Result<(), End> {
    let deadline = Instant::now() + line.session.context.grace;
    let sequence_number = line.session.window.lock().next();
    line.gather(Pdu::Unbind, status::ESME_ROK, sequence_number);
    line.write().await?;
    loop {
        tokio::select! {
            () = sleep_until(deadline) => return Ok(()),
            Some(outgoing) = queue.recv() => line.send(outgoing).await?,
        }
    }
}

/// The sending half with the session's bookkeeping.
struct Line<'a> {
    session: &'a Session<'a>,
    writer: &'a mut Writer,
    /// Whole PDUs that are not written yet.
    gathered: Vec<u8>,
    /// Why the session ends once they are.
    end: Option<End>,
}

impl Line<'_> {
    async fn submit(&mut self, request: Request) -> Result<(), End> {
        self.put_submit(request);
        self.write().await
    }

    async fn send(&mut self, outgoing: Outgoing) -> Result<(), End> {
        self.put(outgoing);
        self.write().await
    }

    /// Gathers a submit, unless its caller has withdrawn it.
    fn put_submit(&mut self, request: Request) {
        let Some(pdu) = request.claim() else { return };
        let Request { reply, part, place, .. } = request;
        let sequence_number = self.session.window.lock().submit(reply, part, place, Instant::now());
        self.gather(pdu, status::ESME_ROK, sequence_number);
    }

    fn put(&mut self, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Answer { pdu, status, sequence_number } => {
                self.gather(pdu, status, sequence_number);
            }
            Outgoing::EnquireLink => {
                let sequence_number = self.session.window.lock().enquire_link(Instant::now());
                self.gather(Pdu::EnquireLink, status::ESME_ROK, sequence_number);
            }
            Outgoing::LastWords { pdu, status, sequence_number, end } => {
                self.gather(pdu, status, sequence_number);
                self.end = Some(end);
            }
        }
    }

    fn gather(&mut self, pdu: Pdu, status: u32, sequence_number: u32) {
        self.gathered.extend_from_slice(&pdu::encode(pdu, status, sequence_number));
    }

    /// Writes what is gathered.
    async fn write(&mut self) -> Result<(), End> {
        let write = async {
            self.writer.write_all(&self.gathered).await?;
            self.writer.flush().await
        };
        match timeout(self.session.context.centre.response_timeout, write).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(End::Broken(FrameError::Io(error))),
            Err(_) => return Err(End::Stalled),
        }
        self.gathered.clear();
        self.end.take().map_or(Ok(()), Err)
    }
}
