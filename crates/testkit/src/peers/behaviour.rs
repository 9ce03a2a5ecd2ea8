//! How a message centre behaves, and misbehaves.

use serde::Serialize;

/// The options of a message centre. `None` leaves the script's default in force, so a
/// value with one field set changes only that field.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Behaviour {
    /// The port on 127.0.0.1; any free one by default. Used to come back after a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// The `system_id` a bind must present, or be refused (npm only); `fiador`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_id: Option<String>,
    /// The password a bind must present, or be refused (npm only); `secret`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The `command_status` of a refused bind (npm only); 0x0D, `ESME_RBINDFAIL`. Centres also use
    /// 0x0E (invalid password) and 0x0F (invalid system id).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bind_refusal: Option<u32>,
    /// Makes the port a TLS port (npm only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// So many binds are answered by closing the connection (npm only); 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub die_mid_bind: Option<u32>,
    /// Every Nth submit of the process is refused with `throttle_status`; 0 refuses none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_every: Option<u32>,
    /// The `command_status` of those refusals; 0x58, `ESME_RTHROTTLED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle_status: Option<u32>,
    /// How long a submit waits for its answer, in milliseconds; 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_delay_ms: Option<u64>,
    /// Submits are never answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<bool>,
    /// The Nth submit of a connection closes it unanswered (npm only); 0 closes none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_after: Option<u32>,
    /// The state told in delivery receipts (`DELIVRD`, `UNDELIV`, …); `Some(None)` sends none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Option<String>>,
    /// How long a receipt waits after the answer, in milliseconds; 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_delay_ms: Option<u64>,
    /// The receipt is sent before the answer to its submit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_early: Option<bool>,
    /// How often each receipt is sent; 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_copies: Option<u32>,
    /// How the centre spells its ids; words by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_ids: Option<MessageIds>,
}

/// How a centre spells the id of a message in the answer to its submit, and in its receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageIds {
    /// The same word in both.
    Words,
    /// Hexadecimal with leading zeros in the answer, decimal in the receipt.
    Hexadecimal,
    /// Decimal in the answer, hexadecimal with leading zeros in the receipt.
    Decimal,
}

/// A server certificate with its key, both in PEM.
#[derive(Debug, Clone, Serialize)]
pub struct Tls {
    /// The private key.
    pub key: String,
    /// The certificate chain, the server's own first.
    pub cert: String,
}

/// A message from a phone, which the centre hands to a bound receiver as `deliver_sm`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MobileOriginated {
    /// The phone's number.
    pub source: String,
    /// The number or short code it wrote to.
    pub destination: String,
    /// SMPP 3.4 §5.2.12; 0x40 says that the text begins with a user data header.
    pub esm_class: u8,
    /// SMPP 3.4 §5.2.19.
    pub data_coding: u8,
    /// The octets of the text, in hexadecimal.
    pub short_message: String,
}
