//! `[messages]`

use std::{collections::BTreeMap, path::PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::LimitSection;

/// Roads to phones beside SMPP, and which road a message takes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MessagesSection {
    /// Message gateways over HTTP (docs/reference/message-gateways.md).
    pub gateways: Vec<MessageGatewaySection>,
    /// How each road is used; the cheapest is tried first, and of equally cheap ones the first. By
    /// default SMPP, then the gateways in their order, for all numbers.
    pub routes: Vec<MessageRouteSection>,
    /// Send a message that may have been sent by one route again by another: it costs twice and may
    /// arrive twice, with the same code (T-131).
    pub resend_after_unknown: bool,
    /// Of the messages of a route in 10 to 20 minutes, at least 20, fewer than so many percent arrive:
    /// it comes last, and an alarm is raised. By default 70.
    pub least_delivered_percent: Option<u8>,
    /// A message about which its route says nothing for so long counts as lost. By default 90.
    pub overdue_seconds: Option<u64>,
}

/// A road to phones.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageRouteSection {
    /// `smpp` for all centres of `[smpp]`, or the name of a gateway.
    pub via: String,
    /// What a message costs, in any unit that all routes share.
    pub cost: u32,
    /// Country codes or longer beginnings of numbers, in digits, that it serves. By default all.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Attempts at most, on each node and since its start.
    #[serde(default)]
    pub budget: Vec<LimitSection>,
    /// It says what became of its messages, so that silence is a bad sign. By default what the centres
    /// (`delivery_receipts`) or the gateway (`deliveries`) are set to.
    #[serde(default)]
    pub receipts: Option<bool>,
}

/// A message gateway over HTTP. It is asked through the guarded client, so one with a private address
/// must stand in `egress.allow`. Texts may hold placeholders, such as `{destination}` and `{text}`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageGatewaySection {
    /// Its name in logs, metrics and the address of its webhook: 1 to 64 of `a-z`, `0-9`, `_`, `-`.
    pub name: String,
    /// `get` or `post`.
    #[serde(default)]
    pub method: MethodName,
    /// Its URL; the path may hold `{destination}` and `{reference}`.
    pub url: String,
    /// It is reached without TLS over a link that is private by other means (T-132).
    #[serde(default)]
    pub private_link: bool,
    /// Parameters of the query.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// Headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Fields of a form, which is the body.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// A JSON document, which is the body.
    #[serde(default)]
    pub json: Option<String>,
    /// How the gateway knows us.
    #[serde(default)]
    pub authentication: AuthenticationName,
    /// The user of `basic`.
    #[serde(default)]
    pub user: Option<String>,
    /// The header of `header`.
    #[serde(default)]
    pub secret_header: Option<String>,
    /// File with what we authenticate with, mode 0600.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// How its answers are read.
    #[serde(default)]
    pub answer: GatewayAnswerSection,
    /// What `{coding}` says of a text in the GSM alphabet.
    #[serde(default = "gsm7_coding")]
    pub gsm7_coding: String,
    /// What `{coding}` says of any other text.
    #[serde(default = "ucs2_coding")]
    pub ucs2_coding: String,
    /// How it tells what became of messages. By default it does not.
    #[serde(default)]
    pub deliveries: Option<GatewayDeliveriesSection>,
    /// Messages per second at most; 80 % of it is the budget of text messages (T-122).
    #[serde(default = "rate")]
    pub messages_per_second: u32,
    /// Messages handed over at the same time.
    #[serde(default = "parallel")]
    pub parallel: usize,
    /// Messages waiting at most; a full queue refuses (T-131).
    #[serde(default = "queue")]
    pub queue: usize,
}

/// How the answers of a gateway are read.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewayAnswerSection {
    /// Statuses of success, such as `202` or `200-299`. By default `200-299`.
    pub accepted: Vec<String>,
    /// A regular expression that the body of a success must match.
    pub accepted_body: Option<String>,
    /// Statuses that mean "later": nothing was taken. By default 429 and 503.
    pub busy: Vec<String>,
    /// A regular expression of bodies that mean the same.
    pub busy_body: Option<String>,
    /// JSON pointer to the gateway's id of the message.
    pub message_id_pointer: Option<String>,
    /// Or a regular expression whose first group is the id.
    pub message_id_pattern: Option<String>,
}

/// How a gateway tells what became of messages, at `/message-gateways/{name}/deliveries`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayDeliveriesSection {
    /// File with the secret that signs notices and seals references, at least 16 bytes, mode 0600.
    pub secret_file: PathBuf,
    /// Scheme, host and port by which the gateway reaches us. By default those of the issuer.
    #[serde(default)]
    pub base_url: Option<String>,
    /// How notices are signed. Without it, they must name their message by reference.
    #[serde(default)]
    pub hmac: Option<GatewayHmacSection>,
    /// `query`, `form` or `json`.
    pub format: NoticeFormatName,
    /// JSON: pointer to a list with a notice in each item.
    #[serde(default)]
    pub items: Option<String>,
    /// Where `{reference}` comes back: a parameter, or a JSON pointer. By default in `{delivery_url}`.
    #[serde(default)]
    pub reference: Option<String>,
    /// Where the gateway's id of the message stands, in its place.
    #[serde(default)]
    pub message_id: Option<String>,
    /// Where the state stands: a parameter, or a JSON pointer.
    pub state: String,
    /// What its words for states mean: `delivered`, `failed` or `under_way`.
    pub states: BTreeMap<String, FateName>,
}

/// HMAC-SHA-256 over the body of a notice.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewayHmacSection {
    /// The header with the signature.
    pub header: String,
    /// What stands before it, such as `sha256=`.
    #[serde(default)]
    pub prefix: String,
    /// `hexadecimal` or `base64`.
    #[serde(default)]
    pub encoding: EncodingName,
    /// The header with the time in seconds, which is signed as `{time}.{body}`. By default only the
    /// body is signed.
    #[serde(default)]
    pub timestamp_header: Option<String>,
    /// How far the time may be away from our clock.
    #[serde(default = "tolerance")]
    pub tolerance_seconds: u64,
}

/// The method of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MethodName {
    /// GET: everything is in the query.
    Get,
    /// POST.
    #[default]
    Post,
}

/// How a gateway knows us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationName {
    /// By `{secret}` among the parameters, or not at all.
    #[default]
    Parameters,
    /// HTTP Basic with `user`.
    Basic,
    /// `Authorization: Bearer`.
    Bearer,
    /// The header `secret_header`.
    Header,
}

/// What a notice looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeFormatName {
    /// Parameters of the query, by GET or POST.
    Query,
    /// A form by POST.
    Form,
    /// JSON by POST.
    Json,
}

/// What a word of a gateway means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FateName {
    /// It is on the phone.
    Delivered,
    /// It will not arrive.
    Failed,
    /// Neither, yet.
    UnderWay,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EncodingName {
    /// In 64 digits.
    #[default]
    Hexadecimal,
    /// In base64 with padding.
    Base64,
}

fn gsm7_coding() -> String {
    "0".to_owned()
}

fn ucs2_coding() -> String {
    "2".to_owned()
}

const fn rate() -> u32 {
    20
}

const fn parallel() -> usize {
    8
}

const fn queue() -> usize {
    1_000
}

const fn tolerance() -> u64 {
    300
}
