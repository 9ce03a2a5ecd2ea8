//! Message centres over SMPP 3.4: the driver behind [`fiador_ports::MessageCentre`].
//!
//! [`SmppLink`] keeps one session to each configured centre and hands every message to the first
//! that takes it. From the outside in: [`link`] chooses a centre, `centre` paces and counts,
//! `supervisor` keeps a session alive, `session` speaks the protocol, [`pdu`] and [`frame`] are
//! the bytes. What a phone will show is decided in [`text`]; what became of it on the
//! phone is read in [`receipt`], matched in `ledger` and told by `reports`.
//!
//! SMPP has no security of its own: use TLS ([`TlsSettings`]) or a private link such as IPsec
//! (T-132). Everything that a centre can make us keep has a bound, named where it is kept (T-260).

mod address;
mod back_off;
mod centre;
mod ledger;
mod measure;
mod reports;
mod session;
mod settings;
mod spelling;
mod supervisor;
mod throttle;
mod tls;
mod tracking;
mod transport;
mod validity;

pub mod frame;
pub mod link;
pub mod pdu;
pub mod receipt;
pub mod status;
pub mod text;

pub use centre::{CentreHealth, LinkState};
pub use link::SmppLink;
pub use settings::{
    CentreSettings, ClientCertificate, Numbering, ReconnectSettings, SettingsError, SmppSettings,
    TlsSettings,
};
pub use text::Alphabet;
