//! What one waiting browser is told, from its first line to the last.

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{Journey, Stage};
use fiador_kernel::{Digest, Timestamp};
use fiador_ports::{StoreError, Versioned};
use tokio::time::Interval;

use super::{
    streams::{Loss, Place},
    view,
};
use crate::{AuthServer, pages::Visit};

/// A comment comes so often: proxies and the listener close lines on which nothing is said.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Nobody looks at a journey more often than this without a change of it, whatever is due: what is
/// due may be somebody else's to do, or fail whenever it is tried.
const BREATH: Duration = Duration::from_millis(250);

/// Begins every stream: a browser whose line breaks opens it again after a second.
const GREETING: &str = "retry: 1000\n: waiting\n\n";
const COMMENT: &str = ": waiting\n\n";
pub(super) const MOVED: &str = "event: moved\ndata: moved\n\n";
const REPLACED: &str = "event: replaced\ndata: replaced\n\n";

/// A browser that follows its journey.
pub(super) struct Following {
    server: Arc<AuthServer>,
    /// What the page shows.
    since: String,
    key: Digest,
    read: Versioned,
    place: Place,
    heartbeat: Interval,
    greeted: bool,
}

/// Why a stream ends before its journey has moved.
enum End {
    /// In silence: the database is away, the journey forgotten or this node about to stop. The
    /// browser comes back.
    Broken,
    /// A newer stream of the journey has its place. The browser has to ask from time to time.
    Replaced,
}

impl From<StoreError> for End {
    fn from(_: StoreError) -> Self {
        Self::Broken
    }
}

impl From<Loss> for End {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Replaced => Self::Replaced,
            Loss::Closing => Self::Broken,
        }
    }
}

impl Following {
    pub(super) fn new(server: Arc<AuthServer>, visit: Visit, since: String, place: Place) -> Self {
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.reset();
        let (key, read) = (visit.key(), visit.into_read());
        Self { server, since, key, read, place, heartbeat, greeted: false }
    }

    /// What to say next, and whether there will be more; `None` when there is nothing more to say.
    pub(super) async fn next(mut self) -> Option<(&'static str, Option<Self>)> {
        if !self.greeted {
            self.greeted = true;
            return Some((GREETING, Some(self)));
        }
        loop {
            match self.wait().await {
                Ok(_) if has_moved(&self.read.journey, &self.since) => return Some((MOVED, None)),
                Ok(true) => return Some((COMMENT, Some(self))),
                Ok(false) => {}
                Err(End::Replaced) => return Some((REPLACED, None)),
                Err(End::Broken) => return None,
            }
        }
    }

    /// Waits for a change, for something to be due, or until the line needs a sign of life, which is
    /// `true`; then looks at the journey.
    async fn wait(&mut self) -> Result<bool, End> {
        let Self { server, key, .. } = self;
        let now = server.clock.now();
        let patience = next_due(&self.read.journey, now)
            .map_or(HEARTBEAT, |due| due.since(now))
            .clamp(BREATH, HEARTBEAT);
        let beats = tokio::select! {
            changed = server.journeys.changed(*key, self.read.version, patience) => {
                changed?;
                false
            }
            _ = self.heartbeat.tick() => true,
            loss = self.place.lost() => return Err(loss.into()),
        };
        let read = server.journeys.read(*key, server.clock.now()).await?;
        self.read = server.router.advance(*key, read.ok_or(End::Broken)?).await?;
        Ok(beats)
    }
}

/// Whether a page that shows `since` is out of date.
pub(super) fn has_moved(journey: &Journey, since: &str) -> bool {
    journey.stage.is_final() || view(&journey.stage) != since
}

/// When the journey moves by itself. While somebody starts a step, not before that ends.
fn next_due(journey: &Journey, now: Timestamp) -> Option<Timestamp> {
    let next_step = match &journey.stage {
        Stage::Challenged { chain, .. } if !chain.ahead.is_empty() => {
            chain.starting_until.filter(|until| now < *until).or(chain.next_at)
        }
        _ => None,
    };
    next_step.into_iter().chain([journey.deadline()]).min()
}
