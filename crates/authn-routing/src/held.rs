//! A journey that was read, and the moves that can be made with it.

use fiador_domain::journey::{Chain, Journey, Stage, Subject};
use fiador_kernel::{Digest, Msisdn};
use fiador_ports::{Challenge, StoreError, Versioned};

use crate::Router;

/// A journey as it was read, which may have moved on since.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) handle: Digest,
    pub(crate) version: u64,
    pub(crate) journey: Journey,
}

/// What came of a move.
#[derive(Debug)]
pub(crate) enum Made {
    /// It was made; the journey before it.
    From(Box<Journey>),
    /// It does not fit the journey, which is as it is held now.
    Unfit,
    /// The journey is not kept any more.
    Gone,
}

impl Held {
    pub(crate) fn new(handle: Digest, read: Versioned) -> Self {
        Self { handle, version: read.version, journey: read.journey }
    }

    pub(crate) fn versioned(self) -> Versioned {
        Versioned { version: self.version, journey: self.journey }
    }

    /// Whom it asks and how, while it does.
    pub(crate) const fn challenged(&self) -> Option<(&Subject, &Chain)> {
        challenged(&self.journey)
    }
}

impl Router {
    pub(crate) async fn read(&self, handle: Digest) -> Result<Option<Held>, StoreError> {
        let read = self.journeys.read(handle, self.clock.now()).await?;
        Ok(read.map(|read| Held::new(handle, read)))
    }

    /// Makes a move as often as others are faster, until it is made or does not fit any more. Every
    /// lost race is somebody else's move, of which a journey has few, so this ends.
    pub(crate) async fn make(
        &self,
        held: &mut Held,
        step: impl Fn(&Journey) -> Option<Stage>,
    ) -> Result<Made, StoreError> {
        loop {
            let Some(stage) = step(&held.journey) else { return Ok(Made::Unfit) };
            let next = Journey { stage, ..held.journey.clone() };
            if self.journeys.replace(held.handle, held.version, next.clone()).await? {
                held.version += 1;
                let before = std::mem::replace(&mut held.journey, next);
                return Ok(Made::From(Box::new(before)));
            }
            match self.read(held.handle).await? {
                Some(read) => *held = read,
                None => return Ok(Made::Gone),
            }
        }
    }

    /// As [`make`](Self::make), for a move that changes the chain alone.
    pub(crate) async fn make_in_chain(
        &self,
        held: &mut Held,
        change: impl Fn(&Chain) -> Option<Chain>,
    ) -> Result<Made, StoreError> {
        self.make(held, |journey| {
            let (_, chain) = challenged(journey)?;
            journey.stage.clone().challenge(change(chain)?).ok()
        })
        .await
    }
}

/// Whom a journey asks and how, while it does.
pub(crate) const fn challenged(journey: &Journey) -> Option<(&Subject, &Chain)> {
    match &journey.stage {
        Stage::Challenged { subject, chain } => Some((subject, chain)),
        _ => None,
    }
}

/// The journey as an adaptor is told about it.
pub(crate) fn told<'a>(
    journey: &'a Journey,
    subject: &'a Subject,
    number: Option<&'a Msisdn>,
) -> Challenge<'a> {
    Challenge {
        journey: &journey.id,
        ask: &journey.ask,
        subject,
        number,
        origin: &journey.origin,
        page: journey.page.as_deref(),
        expires_at: journey.deadline(),
    }
}
