//! What goes out: answers first, then submits as callers bring them; at the end, the good-bye.

use rusmpp::Pdu;
use tokio::{
    io::AsyncWriteExt,
    sync::mpsc,
    time::{Instant, sleep_until, timeout},
};

use super::{End, Outgoing, Request, Session};
use crate::{frame::FrameError, pdu, status, transport::Writer};

/// Writes until the session ends, or until it was asked to end and has said good-bye.
pub(super) async fn write(
    session: &Session<'_>,
    writer: &mut Writer,
    queue: &mut mpsc::Receiver<Outgoing>,
    requests: &mut mpsc::Receiver<Request>,
) -> End {
    let mut line = Line { session, writer };
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
            Some(outgoing) = queue.recv() => line.send(outgoing).await?,
            Some(request) = requests.recv() => line.submit(request).await?,
        }
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
    line.write(Pdu::Unbind, status::ESME_ROK, sequence_number).await?;
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
}

impl Line<'_> {
    async fn submit(&mut self, request: Request) -> Result<(), End> {
        let Some(pdu) = request.claim() else { return Ok(()) };
        let Request { reply, place, .. } = request;
        let sequence_number = self.session.window.lock().submit(reply, place, Instant::now());
        self.write(pdu, status::ESME_ROK, sequence_number).await
    }

    async fn send(&mut self, outgoing: Outgoing) -> Result<(), End> {
        match outgoing {
            Outgoing::Answer { pdu, status, sequence_number } => {
                self.write(pdu, status, sequence_number).await
            }
            Outgoing::EnquireLink => {
                let sequence_number = self.session.window.lock().enquire_link(Instant::now());
                self.write(Pdu::EnquireLink, status::ESME_ROK, sequence_number).await
            }
            Outgoing::LastWords { pdu, status, sequence_number, end } => {
                self.write(pdu, status, sequence_number).await?;
                Err(end)
            }
        }
    }

    async fn write(&mut self, pdu: Pdu, status: u32, sequence_number: u32) -> Result<(), End> {
        let octets = pdu::encode(pdu, status, sequence_number);
        let write = async {
            self.writer.write_all(&octets).await?;
            self.writer.flush().await
        };
        match timeout(self.session.context.centre.response_timeout, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(End::Broken(FrameError::Io(error))),
            Err(_) => Err(End::Stalled),
        }
    }
}
