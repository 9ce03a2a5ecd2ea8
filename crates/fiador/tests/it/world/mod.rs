//! The actors of these stories: a gateway as a process, service providers, users with browsers.

mod answer;
mod application;
mod browser;
mod command;
mod http;
mod keycloak;
mod page;
mod ports;
mod provider;
mod raw;
mod request;
mod running;
mod sandbox;
mod short_message;
mod site;
mod user;

pub(crate) use answer::Answer;
pub(crate) use application::{Application, Phone};
pub(crate) use browser::{Browser, Shown};
pub(crate) use command::{Outcome, fiador, start_gateway};
pub(crate) use http::encoded;
pub(crate) use keycloak::Keycloak;
pub(crate) use page::Page;
pub(crate) use ports::lasting_ports;
pub(crate) use provider::{Provider, Tokens};
pub(crate) use raw::{raw_exchange, raw_get};
pub(crate) use request::{AuthorizationRequest, REDIRECT_URI};
pub(crate) use running::Running;
pub(crate) use sandbox::Sandbox;
pub(crate) use short_message::{code_for, link_for, octets};
pub(crate) use site::{CLIENT_SECRET, Site};
pub(crate) use user::{Landing, User};

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_fiador");

/// Asks `question` until it has an answer, for half a minute.
pub(crate) async fn eventually<T>(what: &str, mut question: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..1500 {
        if let Some(answer) = question().await {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("this did not happen within 30 seconds: {what}");
}
