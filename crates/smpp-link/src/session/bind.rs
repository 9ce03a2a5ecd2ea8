//! Introducing ourselves to a centre (SMPP 3.4 §4.1.5).

use std::io;

use futures_util::StreamExt;
use rusmpp::Pdu;
use tokio::io::AsyncWriteExt;

use crate::{
    frame::FrameError,
    pdu::{self, Incoming},
    settings::CentreSettings,
    status,
    transport::{Reader, Writer},
};

/// The bind is the first PDU of a connection.
pub(super) const BIND_SEQUENCE_NUMBER: u32 = 1;

/// Why there is no session on a connection that stands.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BindError {
    #[error("the centre refused the bind with status {0:#010x}")]
    Refused(u32),
    #[error("the centre closed the connection during the bind")]
    Closed,
    #[error("system_id, password or system_type is too long")]
    Settings,
    #[error(transparent)]
    Broken(#[from] FrameError),
}

impl From<io::Error> for BindError {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// Binds as transceiver. The caller bounds the time. PDUs that a hasty centre sent behind its
/// answer stay in `reader` for the session.
pub(crate) async fn bind(
    centre: &CentreSettings,
    reader: &mut Reader,
    writer: &mut Writer,
) -> Result<(), BindError> {
    let request = pdu::bind_transceiver(centre).ok_or(BindError::Settings)?;
    send(writer, request, status::ESME_ROK, BIND_SEQUENCE_NUMBER).await?;
    loop {
        let frame = reader.next().await.ok_or(BindError::Closed)??;
        let sequence_number = frame.sequence_number;
        match pdu::read(&frame) {
            Ok(Incoming::BindTransceiverResp) if sequence_number == BIND_SEQUENCE_NUMBER => {
                return match frame.command_status {
                    status::ESME_ROK => Ok(()),
                    status => Err(BindError::Refused(status)),
                };
            }
            Ok(Incoming::GenericNack) => return Err(BindError::Refused(frame.command_status)),
            Ok(Incoming::EnquireLink) => {
                send(writer, Pdu::EnquireLinkResp, status::ESME_ROK, sequence_number).await?;
            }
            Ok(Incoming::DeliverSm(_)) => {
                // Too early: we could not say whose message it is. The centre repeats it.
                let answer = pdu::deliver_sm_resp();
                send(writer, answer, status::ESME_RINVBNDSTS, sequence_number).await?;
            }
            Ok(Incoming::Unbind) => return Err(BindError::Closed),
            Ok(_) | Err(_) => {}
        }
    }
}

async fn send(writer: &mut Writer, pdu: Pdu, status: u32, sequence: u32) -> io::Result<()> {
    writer.write_all(&pdu::encode(pdu, status, sequence)).await?;
    writer.flush().await
}
