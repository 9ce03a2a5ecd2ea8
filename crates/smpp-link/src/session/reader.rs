//! What comes in: answers to us, and requests of the centre that we answer at once.

use futures_util::StreamExt;
use rusmpp::{Pdu, pdus::DeliverSm};
use tokio::time::Instant;

use super::{End, Outgoing, Session};
use crate::{
    frame::{Frame, FrameError},
    ledger::{Met, Part, Receipted},
    measure,
    pdu::{self, Incoming, MalformedBody},
    receipt, status,
    transport::Reader,
};

/// Reads until the connection or the session ends.
pub(super) async fn read(session: &Session<'_>, reader: &mut Reader) -> End {
    loop {
        let frame = match reader.next().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return broken(session, error).await,
            None => return End::Closed,
        };
        *session.last_received.lock() = Instant::now();
        match pdu::read(&frame) {
            Ok(Incoming::UnbindResp) => return End::Unbound,
            Ok(incoming) => handle(session, &frame, incoming).await,
            Err(error) => malformed(session, &frame, error).await,
        }
    }
}

async fn handle(session: &Session<'_>, frame: &Frame, incoming: Incoming) {
    match incoming {
        Incoming::SubmitSmResp { message_id } => submitted(session, frame, message_id.as_deref()),
        Incoming::EnquireLinkResp => {
            session.window.lock().enquiry_answered(frame.sequence_number);
        }
        Incoming::GenericNack => refused(session, frame),
        Incoming::EnquireLink => {
            answer(session, frame, Pdu::EnquireLinkResp, status::ESME_ROK).await;
        }
        Incoming::DeliverSm(message) => {
            delivered(session, &message);
            answer(session, frame, pdu::deliver_sm_resp(), status::ESME_ROK).await;
        }
        Incoming::Unbind => {
            let end = End::UnboundByCentre;
            last_words(session, Pdu::UnbindResp, status::ESME_ROK, frame.sequence_number, end)
                .await;
        }
        Incoming::OtherRequest => {
            answer(session, frame, Pdu::GenericNack, status::ESME_RINVCMDID).await;
        }
        Incoming::BindTransceiverResp | Incoming::UnbindResp | Incoming::Other => {}
    }
}

fn submitted(session: &Session<'_>, frame: &Frame, message_id: Option<&str>) {
    let part = settle(session, frame.sequence_number, frame.command_status);
    if frame.command_status == status::ESME_ROK
        && let (Some(part), Some(message_id)) = (part, message_id)
    {
        let met = session.context.ledger.lock().submitted(message_id, part, Instant::now());
        if let Some(met) = met {
            tracing::debug!(message_centre = session.name(), "a receipt came before its response");
            tell(session, &met);
        }
    }
}

/// A `generic_nack` says that our PDU was not understood, so it was not accepted, whatever its
/// status claims.
fn refused(session: &Session<'_>, frame: &Frame) {
    let status = match frame.command_status {
        status::ESME_ROK => status::ESME_RSYSERR,
        status => status,
    };
    tracing::warn!(
        message_centre = session.name(),
        error = format_args!("{status:#010x}"),
        "the message centre could not read a PDU"
    );
    let _ = settle(session, frame.sequence_number, status);
}

/// Tells the caller of a submit; gives what the submit was about.
fn settle(session: &Session<'_>, sequence_number: u32, status: u32) -> Option<Part> {
    let part = session.window.lock().submit_answered(sequence_number, status)?;
    session.window_shrank.notify_waiters();
    Some(part)
}

/// Tells whoever follows the message when this was the end of it.
fn tell(session: &Session<'_>, met: &Met) {
    if let Some(report) = met.ended.as_ref().and_then(|message| message.part_ended(met.state)) {
        session.context.reporter.report(report);
    }
}

fn delivered(session: &Session<'_>, message: &DeliverSm) {
    let Some(receipt) = receipt::read(message) else {
        tracing::debug!(
            message_centre = session.name(),
            "a message from a phone is of no use here"
        );
        return;
    };
    let met = receipt.message_id.as_deref().and_then(|message_id| {
        let parties = [message.source_addr.as_str(), message.destination_addr.as_str()];
        let receipted = Receipted { message_id, parties, state: receipt.state };
        session.context.ledger.lock().receipted(&receipted, Instant::now())
    });
    if let Some(met) = &met {
        tell(session, met);
    }
    let delay = met.map(|met| met.delay);
    measure::receipt(session.name(), receipt.state, delay);
    tracing::debug!(
        message_centre = session.name(),
        state = receipt.state.label(),
        known = delay.is_some(),
        "delivery receipt"
    );
}

async fn malformed(session: &Session<'_>, frame: &Frame, error: MalformedBody) {
    measure::malformed(session.name());
    tracing::warn!(message_centre = session.name(), %error, "a PDU is left aside");
    // Only a deliver_sm can be malformed. "Permanent", or the centre would repeat it for ever.
    answer(session, frame, pdu::deliver_sm_resp(), status::ESME_RX_P_APPN).await;
}

/// A length that makes no sense gets a `generic_nack`, and the connection is of no more use
/// (SMPP 3.4 §4.3.1).
async fn broken(session: &Session<'_>, error: FrameError) -> End {
    measure::malformed(session.name());
    match error {
        FrameError::Io(error) => End::Broken(FrameError::Io(error)),
        FrameError::TooShort(_) | FrameError::TooLong(_) => {
            let end = End::Broken(error);
            last_words(session, Pdu::GenericNack, status::ESME_RINVCMDLEN, 0, end).await
        }
    }
}

async fn answer(session: &Session<'_>, frame: &Frame, pdu: Pdu, status: u32) {
    let sequence_number = frame.sequence_number;
    session.send(Outgoing::Answer { pdu, status, sequence_number }).await;
}

/// Leaves the end of the session to the writer, which reports it after the last octet.
async fn last_words(
    session: &Session<'_>,
    pdu: Pdu,
    status: u32,
    sequence_number: u32,
    end: End,
) -> End {
    session.send(Outgoing::LastWords { pdu, status, sequence_number, end }).await;
    std::future::pending().await
}
