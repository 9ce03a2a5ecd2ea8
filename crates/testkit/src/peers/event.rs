//! What a message centre saw.

use serde::Deserialize;

/// One line of a message centre's report. `session` counts connections from 1.
///
/// `status` is the `command_status` it answered with, `None` where it did not answer at all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are named after the SMPP fields they carry")]
pub enum Event {
    /// The port is open.
    Listening { port: u16 },
    /// A connection was accepted (npm only).
    Open { session: u64 },
    /// A client asked to bind; `mode` is `transceiver`, `transmitter` or `receiver`.
    Bind { session: u64, mode: String, system_id: String, status: Option<u32> },
    /// A client handed over a message.
    Submit(Submit),
    /// A client answered a delivery receipt.
    Receipt { session: u64, message_id: String, status: u32 },
    /// A client answered a message from a phone.
    Delivered { session: u64, status: u32 },
    /// A client asked whether the link is alive (npm only).
    EnquireLink { session: u64 },
    /// A client said good-bye (npm only).
    Unbind { session: u64 },
    /// A connection ended.
    Close { session: u64 },
    /// The bytes of a client made no sense, or its connection broke (npm only).
    Error { session: u64, error: String },
}

/// A `submit_sm` as the message centre decoded it (SMPP 3.4 §4.4.1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Submit {
    /// The connection it came on, counted from 1.
    pub session: u64,
    /// The `command_status` of the answer; `None` when there was none.
    pub status: Option<u32>,
    /// The identifier that the answer and the receipt carry.
    pub message_id: String,
    /// `source_addr`.
    pub source: String,
    /// `source_addr_ton`.
    pub source_ton: u8,
    /// `source_addr_npi`.
    pub source_npi: u8,
    /// `destination_addr`.
    pub destination: String,
    /// `dest_addr_ton`.
    pub destination_ton: u8,
    /// `dest_addr_npi`.
    pub destination_npi: u8,
    /// `esm_class`.
    pub esm_class: u8,
    /// `protocol_id`.
    pub protocol_id: u8,
    /// `data_coding`.
    pub data_coding: u8,
    /// `registered_delivery`.
    pub registered_delivery: u8,
    /// The octets of `short_message`, user data header included, in hexadecimal.
    pub short_message: String,
}
