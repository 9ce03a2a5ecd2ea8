//! Users at the same time, each with a browser and a service provider behind it.

use std::future::Future;
use std::net::SocketAddr;

use tokio::task::JoinSet;

use super::bare::Recording;
use super::http::{Answer, Call, Connection};

/// Which of a user's connections a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// The browser's.
    Browser,
    /// The service provider's own.
    BackChannel,
}

/// Both connections of one user, and what went over them.
pub(super) struct Lanes {
    browser: Connection,
    back_channel: Connection,
    /// Requests sent so far.
    pub(super) sent: u64,
    recording: Option<Recording>,
}

impl Lanes {
    /// Connects both.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let (browser, back_channel) =
            tokio::try_join!(Connection::open(address), Connection::open(address))?;
        Ok(Self { browser, back_channel, sent: 0, recording: None })
    }

    /// Sends a request and waits for its answer.
    pub(super) async fn send(&mut self, lane: Lane, call: Call) -> anyhow::Result<Answer> {
        self.sent += 1;
        if let Some(recording) = &mut self.recording {
            recording.0.push((lane, call.clone()));
        }
        match lane {
            Lane::Browser => self.browser.send(call).await,
            Lane::BackChannel => self.back_channel.send(call).await,
        }
    }

    /// From now on every request is remembered.
    pub(super) fn record(&mut self) {
        self.recording = Some(Recording::default());
    }

    /// What was remembered.
    pub(super) fn recorded(&mut self) -> Recording {
        self.recording.take().unwrap_or_default()
    }
}

/// Runs all users to their end and gives what each of them says; the first error ends the others.
pub(super) async fn run<T, F>(users: u64, user: impl Fn(u64) -> F) -> anyhow::Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = anyhow::Result<T>> + Send + 'static,
{
    let mut tasks: JoinSet<anyhow::Result<T>> = (0..users).map(user).collect();
    let mut said = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        said.push(ended??);
    }
    Ok(said)
}
