//! Authenticators that are not ours: they are asked by redirecting the browser, or from server to server,
//! and answer with something signed.
//!
//! Two kinds, each an [`Authenticator`](fiador_ports::Authenticator) with routes of its own:
//!
//! * [`ForeignAuthenticator`] speaks the contract of docs/reference/adaptor-contract.md, in its browser
//!   form or its back-channel form (`foreign`).
//! * [`UpstreamProvider`] makes any OpenID Provider an authenticator (`upstream`).
//!
//! The road of a challenge, and the file of each step:
//!
//! 1. `start`: a transaction secret is drawn, whose digest finds the prompt again; a request is signed
//!    and perhaps encrypted (`foreign/ask.rs`), or an authorization request is made
//!    (`upstream/ask.rs`).
//! 2. The waiting page leads the browser away; or a task of its own hands the request over
//!    (`foreign/back_channel.rs`, `foreign/errand.rs`).
//! 3. The answer comes to a route (`foreign/routes.rs`, `upstream/routes.rs`). With a browser it must be
//!    the browser that waits (`way_back.rs`), or nothing happens (T-102).
//! 4. Routing takes an attempt and has the answer evaluated: signature, binding, evidence
//!    (`foreign/judge.rs`, `upstream/judge.rs`). What it is worth is a table of the operator under a
//!    constant ceiling (`evidence`, T-101).
//!
//! A result is good once because its transaction is: whatever it does ends the prompt that it names, by
//! compare-and-set, and no other prompt has that transaction.

pub mod contract;
mod evidence;
mod foreign;
mod kept;
mod party;
mod ports;
mod prompt;
mod upstream;
mod way_back;

use fiador_http_kit::{MessagesBuilder, MessagesError, texts};

pub use evidence::{Class, EvidenceError, EvidenceRow, EvidenceTable, Fact};
pub use foreign::{BackChannel, ForeignAuthenticator, ForeignForm, ForeignSettings, Results};
pub use ports::{Ports, SettingsError};
pub use upstream::{
    LevelMapping, LoginHint, SubjectBinding, UpstreamAuthentication, UpstreamProvider,
    UpstreamSettings,
};

/// Adds the words of the pages, in every language.
pub fn add_messages(messages: MessagesBuilder) -> Result<MessagesBuilder, MessagesError> {
    messages.add_all(&texts!("redirect.ftl"))
}
