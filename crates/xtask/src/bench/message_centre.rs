//! A message centre: takes every message (SMPP 3.4), hands its code to the phone, and sends the
//! receipt that was asked for.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use futures_util::{SinkExt as _, StreamExt as _};
use rusmpp::pdus::{BindTransceiverResp, DeliverSm, SubmitSm, SubmitSmResp};
use rusmpp::tokio_codec::CommandCodec;
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{EsmClass, InterfaceVersion};
use rusmpp::{Command, CommandStatus, Pdu};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::codec::Framed;

use super::subscribers::Subscribers;

/// `esm_class` of a delivery receipt (SMPP 3.4 §5.2.12).
const RECEIPT: u8 = 0b0000_0100;

/// A centre that listens; it ends with the runtime.
pub(super) struct MessageCentre {
    address: SocketAddr,
    bound: watch::Receiver<u64>,
}

impl MessageCentre {
    /// Listens on a free port; messages go to `subscribers`.
    pub(super) async fn start(subscribers: Arc<Subscribers>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (binds, bound) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = Session {
                    subscribers: Arc::clone(&subscribers),
                    binds: binds.clone(),
                    last_message: 0,
                    last_sequence: 0,
                };
                tokio::spawn(session.serve(stream));
            }
        });
        Ok(Self { address, bound })
    }

    /// Where it listens.
    pub(super) const fn port(&self) -> u16 {
        self.address.port()
    }

    /// Waits until a gateway has bound after the last time this was asked.
    pub(super) async fn is_bound(&mut self) -> anyhow::Result<()> {
        self.bound.changed().await.context("the message centre has ended")
    }
}

struct Session {
    subscribers: Arc<Subscribers>,
    binds: watch::Sender<u64>,
    last_message: u32,
    last_sequence: u32,
}

impl Session {
    /// Serves one link; a link that breaks is the gateway's to mend.
    async fn serve(mut self, stream: TcpStream) {
        let mut link = Framed::new(stream, CommandCodec::new());
        while let Some(Ok(command)) = link.next().await {
            for (pdu, sequence) in self.answers(&command) {
                let command = Command::new(CommandStatus::EsmeRok, sequence, pdu);
                if link.send(command).await.is_err() {
                    return;
                }
            }
        }
    }

    /// What is sent back, each with its sequence number.
    fn answers(&mut self, command: &Command) -> Vec<(Pdu, u32)> {
        let sequence = command.sequence_number();
        match command.pdu() {
            Some(Pdu::BindTransceiver(_)) => {
                self.binds.send_modify(|binds| *binds += 1);
                let version = Some(InterfaceVersion::Smpp3_4);
                let bound = BindTransceiverResp::new(COctetString::default(), version);
                vec![(Pdu::BindTransceiverResp(bound), sequence)]
            }
            Some(Pdu::SubmitSm(submit)) => self.submit(submit, sequence),
            Some(Pdu::EnquireLink) => vec![(Pdu::EnquireLinkResp, sequence)],
            Some(Pdu::Unbind) => vec![(Pdu::UnbindResp, sequence)],
            _ => Vec::new(),
        }
    }

    fn submit(&mut self, submit: &SubmitSm, sequence: u32) -> Vec<(Pdu, u32)> {
        let phone = submit.destination_addr.as_str();
        if let Some(code) = code_in(submit.short_message().as_ref()) {
            self.subscribers.deliver(phone, code);
        }
        self.last_message += 1;
        self.last_sequence += 1;
        let id = format!("{:08x}", self.last_message);
        let accepted = SubmitSmResp::new(c_octets(&id), Vec::new());
        let receipt = DeliverSm::builder()
            .source_addr(c_octets(phone))
            .destination_addr(c_octets(submit.source_addr.as_str()))
            .esm_class(EsmClass::from(RECEIPT))
            .short_message(OctetString::from_vec(receipt_text(&id)).unwrap_or_default())
            .build();
        let mut answers = vec![(Pdu::SubmitSmResp(accepted), sequence)];
        if u8::from(submit.registered_delivery) != 0 {
            answers.push((Pdu::DeliverSm(receipt), self.last_sequence));
        }
        answers
    }
}

/// The text form of a receipt (SMPP 3.4 appendix B).
fn receipt_text(id: &str) -> Vec<u8> {
    format!(
        "id:{id} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD \
         err:000 text:"
    )
    .into_bytes()
}

fn c_octets<const MAX: usize>(text: &str) -> COctetString<1, MAX> {
    COctetString::from_string(text.to_owned()).unwrap_or_default()
}

/// The digits after the last `#`, as the line for browsers has them
/// (<https://wicg.github.io/sms-one-time-codes>). Number sign and digits are the same in GSM-7 with
/// one septet per octet and in ASCII.
fn code_in(message: &[u8]) -> Option<String> {
    let sign = message.iter().rposition(|&octet| octet == b'#')?;
    let code = message.get(sign + 1..)?;
    let is_code = !code.is_empty() && code.iter().all(u8::is_ascii_digit);
    is_code.then(|| String::from_utf8_lossy(code).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_what_browsers_would_read() {
        // 0x00 is the `@` of GSM-7.
        let message = b"012345 is your code for #1 Shop.\n\n\x00localhost #012345";
        assert_eq!(code_in(message), Some("012345".to_owned()));
        assert_eq!(code_in(b"no code"), None);
        assert_eq!(code_in(b"cut #"), None);
        assert_eq!(code_in(b"#12 34"), None);
    }
}
