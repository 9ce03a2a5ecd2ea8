//! A message centre that does exactly what a test says, octet by octet.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

use crate::support::LONG;

pub(crate) const BIND_TRANSCEIVER: u32 = 0x09;
pub(crate) const SUBMIT_SM: u32 = 0x04;
pub(crate) const DELIVER_SM: u32 = 0x05;
pub(crate) const UNBIND: u32 = 0x06;
pub(crate) const ENQUIRE_LINK: u32 = 0x15;
pub(crate) const GENERIC_NACK: u32 = 0x8000_0000;
pub(crate) const RESPONSE: u32 = 0x8000_0000;

/// An open port that serves nobody by itself.
pub(crate) struct FakeCentre(TcpListener);

impl FakeCentre {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// The next connection, with nothing read yet.
    pub(crate) async fn accept(&self) -> Connection {
        Connection(timeout(LONG, self.0.accept()).await.expect("a connection").unwrap().0)
    }

    /// Whether a connection comes within `patience`.
    pub(crate) async fn is_called(&self, patience: Duration) -> bool {
        timeout(patience, self.0.accept()).await.is_ok()
    }

    /// The next connection, bound.
    pub(crate) async fn bound(&self) -> Connection {
        let mut connection = self.accept().await;
        let bind = connection.read().await.expect("a bind");
        assert_eq!(bind.command, BIND_TRANSCEIVER);
        connection.answer(&bind, 0, b"fake\0").await;
        connection
    }
}

/// A PDU with its body as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pdu {
    pub(crate) command: u32,
    pub(crate) status: u32,
    pub(crate) sequence: u32,
    pub(crate) body: Vec<u8>,
}

impl Pdu {
    /// The last octets of a `submit_sm` without optional parameters.
    pub(crate) fn ends_with(&self, text: &str) -> bool {
        self.command == SUBMIT_SM && self.body.ends_with(text.as_bytes())
    }
}

/// The octets of a PDU.
pub(crate) fn octets(command: u32, status: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap();
    let header = [length, command, status, sequence];
    header.iter().flat_map(|field| field.to_be_bytes()).chain(body.iter().copied()).collect()
}

/// A `deliver_sm` from the phone to the bank.
pub(crate) fn deliver_sm(sequence: u32, esm_class: u8, text: &[u8]) -> Vec<u8> {
    let mut body = b"\0\x01\x0134600000001\0\x05\0Bank\0".to_vec();
    body.push(esm_class);
    body.extend([0, 0, 0, 0, 0, 0, 0, 0]);
    body.push(u8::try_from(text.len()).unwrap());
    body.extend(text);
    octets(DELIVER_SM, 0, sequence, &body)
}

/// One client of the centre.
pub(crate) struct Connection(TcpStream);

impl Connection {
    /// The next PDU; `None` when the client has closed.
    pub(crate) async fn read(&mut self) -> Option<Pdu> {
        timeout(LONG, self.read_forever()).await.expect("a PDU or the end")
    }

    /// The next PDU, which must be of this command.
    pub(crate) async fn expect(&mut self, command: u32) -> Pdu {
        let pdu = self.read().await.expect("a PDU");
        assert_eq!(pdu.command, command, "{pdu:?}");
        pdu
    }

    /// Whether the client closes, whatever else it still sends.
    pub(crate) async fn is_closed(&mut self) -> bool {
        while self.read().await.is_some() {}
        true
    }

    /// Whether nothing comes within `patience`.
    pub(crate) async fn is_quiet(&mut self, patience: Duration) -> bool {
        timeout(patience, self.0.peek(&mut [0])).await.is_err()
    }

    pub(crate) async fn write(&mut self, octets: &[u8]) {
        self.0.write_all(octets).await.unwrap();
    }

    pub(crate) async fn answer(&mut self, request: &Pdu, status: u32, body: &[u8]) {
        self.write(&octets(request.command | RESPONSE, status, request.sequence, body)).await;
    }

    /// Accepts the next submit and gives it.
    pub(crate) async fn take_submit(&mut self) -> Pdu {
        let submit = self.expect(SUBMIT_SM).await;
        self.answer(&submit, 0, b"1\0").await;
        submit
    }

    async fn read_forever(&mut self) -> Option<Pdu> {
        let mut header = [0; 16];
        self.0.read_exact(&mut header).await.ok()?;
        let field = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
        let mut body = vec![0; usize::try_from(field(0)).unwrap() - 16];
        self.0.read_exact(&mut body).await.ok()?;
        Some(Pdu { command: field(4), status: field(8), sequence: field(12), body })
    }
}
