//! Messages by other roads than SMPP, and several roads behind one door.
//!
//! [`HttpGateway`] hands messages to a gateway over HTTP: begin at `gateway.rs`. What it asks is put
//! together in `request` from [`template`]s, what is answered is read in `answer`. Gateways tell what
//! became of messages at the [`webhook`]. [`Routes`] puts several centres, of whatever kind, behind one
//! door.
//!
//! Everything here that other parties can fill has a bound, named where it is kept (T-260).

mod fates;
mod gateway;
mod listener;
mod measure;
mod pace;
mod reference;
mod request;
mod routes;
mod settings;

pub mod answer;
pub mod template;
pub mod webhook;

pub use answer::{AnswerError, AnswerSettings, MessageIdPlace};
pub use gateway::HttpGateway;
pub use request::{Authentication, BodySettings, RequestError, RequestSettings};
pub use routes::{DeliveryWatch, RouteHealth, RouteSettings, Routes, RoutesError, RoutesSettings};
pub use settings::{CodingWords, GatewaySettings, GatewaySettingsError, Reason};
pub use webhook::{
    Authenticity, DELIVERIES_PATH, DeliverySettings, DeliverySettingsError, DeliveryWebhook,
    HmacSettings, MessageName, NoticeFormat, SignatureEncoding, SignedTimestamp,
};
