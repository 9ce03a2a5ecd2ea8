//! The simulated message centre: a real SMPP server on loopback, behind which the phones are.

use std::{net::SocketAddr, sync::Arc};

use fiador_kernel::Secret;
use futures_util::{SinkExt, StreamExt};
use parking_lot::Mutex;
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{BindTransceiverResp, SubmitSm, SubmitSmResp},
    tokio_codec::CommandCodec,
    types::COctetString,
    values::InterfaceVersion,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::Framed;

use crate::{Inboxes, text::Reassembly};

/// What a gateway binds with.
const SYSTEM_ID: &str = "fiador";

/// The message centre could not be started.
#[derive(Debug, thiserror::Error)]
pub enum CentreError {
    /// No port on loopback.
    #[error("the simulated message centre cannot listen on loopback: {0}")]
    Listen(#[from] std::io::Error),
}

/// A listening message centre.
pub struct MessageCentreServer {
    listener: TcpListener,
    address: SocketAddr,
    password: String,
    shared: Arc<Shared>,
}

/// Told of every PDU: a short name and a line.
type Tell = dyn Fn(&str, &str) + Send + Sync;

struct Shared {
    inboxes: Inboxes,
    reassembly: Mutex<Reassembly>,
    trace: Box<Tell>,
}

impl MessageCentreServer {
    /// Listens on a free port of loopback. `trace` is told of every PDU: a short name and a line.
    pub async fn bind(
        inboxes: Inboxes,
        password: String,
        trace: impl Fn(&str, &str) + Send + Sync + 'static,
    ) -> Result<Self, CentreError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Shared { inboxes, reassembly: Mutex::default(), trace: Box::new(trace) };
        Ok(Self { listener, address, password, shared: Arc::new(shared) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `system_id` and password to bind with.
    pub fn credentials(&self) -> (&'static str, Secret<String>) {
        (SYSTEM_ID, Secret::new(self.password.clone()))
    }

    /// Serves until the task is dropped.
    pub async fn serve(self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let session = Session {
                        framed: Framed::new(stream, CommandCodec::new()),
                        password: self.password.clone(),
                        shared: Arc::clone(&self.shared),
                        bound: false,
                        next_id: 1,
                    };
                    tokio::spawn(session.serve());
                }
                Err(error) => {
                    tracing::warn!(%error, "the simulated message centre could not accept a link");
                }
            }
        }
    }
}

struct Session {
    framed: Framed<TcpStream, CommandCodec>,
    password: String,
    shared: Arc<Shared>,
    bound: bool,
    next_id: u32,
}

impl Session {
    async fn serve(mut self) {
        while let Some(Ok(command)) = self.framed.next().await {
            let sequence = command.sequence_number();
            let (status, answer, last) = self.answer(command.pdu());
            if let Some(answer) = answer
                && self.framed.send(Command::new(status, sequence, answer)).await.is_err()
            {
                return;
            }
            if last {
                return;
            }
        }
    }

    /// Status, answer (responses of the peer need none), and whether the link ends here.
    fn answer(&mut self, pdu: Option<&Pdu>) -> (CommandStatus, Option<Pdu>, bool) {
        match pdu {
            Some(Pdu::BindTransceiver(bind)) => {
                let good =
                    bind.system_id.as_str() == SYSTEM_ID && bind.password.as_str() == self.password;
                self.bound = good;
                (self.shared.trace)("bind_transceiver", if good { "bound" } else { "refused" });
                let status =
                    if good { CommandStatus::EsmeRok } else { CommandStatus::EsmeRinvpaswd };
                let name = COctetString::from_static_slice(b"sandbox\0").unwrap_or_default();
                let response = BindTransceiverResp::new(name, Some(InterfaceVersion::Smpp3_4));
                (status, Some(Pdu::BindTransceiverResp(response)), !good)
            }
            Some(Pdu::EnquireLink) => (CommandStatus::EsmeRok, Some(Pdu::EnquireLinkResp), false),
            Some(Pdu::Unbind) => (CommandStatus::EsmeRok, Some(Pdu::UnbindResp), true),
            Some(Pdu::SubmitSm(submit)) if self.bound => {
                let id = self.submit(submit);
                let id = COctetString::from_string(id.to_string()).unwrap_or_default();
                let response = Pdu::SubmitSmResp(SubmitSmResp::new(id, Vec::new()));
                (CommandStatus::EsmeRok, Some(response), false)
            }
            Some(Pdu::SubmitSm(_)) => {
                let response = Pdu::SubmitSmResp(SubmitSmResp::default());
                (CommandStatus::EsmeRinvbndsts, Some(response), false)
            }
            Some(Pdu::EnquireLinkResp | Pdu::UnbindResp | Pdu::DeliverSmResp(_)) => {
                (CommandStatus::EsmeRok, None, false)
            }
            _ => (CommandStatus::EsmeRinvcmdid, Some(Pdu::GenericNack), false),
        }
    }

    fn submit(&mut self, submit: &SubmitSm) -> u32 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        let destination = submit.destination_addr.as_str();
        let from = submit.source_addr.as_str().to_owned();
        let has_header = u8::from(submit.esm_class) & 0x40 != 0;
        let octets = submit.short_message();
        let whole = self.shared.reassembly.lock().part(
            destination,
            has_header,
            u8::from(submit.data_coding),
            octets.as_ref(),
        );
        let line = format!("{from} → {destination}, {} octets", octets.as_ref().len());
        (self.shared.trace)("submit_sm", &line);
        if let Some(text) = whole {
            self.shared.inboxes.deliver(destination, from, text);
        }
        id
    }
}
