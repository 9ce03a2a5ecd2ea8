//! Waiting for the end of a journey.

use std::time::Duration;

use fiador_domain::journey::{Journey, Refusal, Stage};
use fiador_kernel::{SubscriberId, Timestamp};
use fiador_ports::{StoreError, Versioned};
use tokio::time::sleep;

use crate::{Ports, callback::Outcome, open::Opened};

/// The journey is looked at this often even if nothing seems to happen: steps fall due by time.
const PATIENCE: Duration = Duration::from_secs(2);
/// A database that fails is asked again after so long.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits for the end, and gives what Keycloak is to be told.
///
/// What the person said is told at once. Everything else is told at `until`, as if nobody had
/// answered: an unknown number, a locked subscription and a budget that is used up look like a phone that
/// lies in a drawer (T-048).
pub(crate) async fn outcome_of(ports: &Ports, opened: &Opened, until: Timestamp) -> Outcome {
    loop {
        match look(ports, opened, until).await {
            Ok(Look::Ended(outcome)) => return outcome,
            Ok(Look::Waits) => {}
            Err(error) => {
                tracing::warn!(journey = %opened.journey, %error, "a journey cannot be followed now");
                sleep(PAUSE).await;
            }
        }
        if ports.clock.now() >= until {
            return give_up(ports, opened).await;
        }
    }
}

/// Ends the journey, so that an answer from now on counts for nothing.
pub(crate) async fn give_up(ports: &Ports, opened: &Opened) -> Outcome {
    if let Err(error) = ports.router.abandon(opened.handle).await {
        tracing::warn!(journey = %opened.journey, %error, "a journey could not be ended; it expires by itself");
    }
    Outcome::Unauthorized
}

enum Look {
    Ended(Outcome),
    Waits,
}

async fn look(ports: &Ports, opened: &Opened, until: Timestamp) -> Result<Look, StoreError> {
    let now = ports.clock.now();
    let left = until.since(now).min(PATIENCE);
    let Some(read) = ports.journeys.read(opened.handle, now).await? else {
        sleep(left).await;
        return Ok(Look::Waits);
    };
    let Versioned { version, journey } = ports.router.advance(opened.handle, read).await?;
    match &journey.stage {
        Stage::Verified { .. } => grant(ports, opened, version, journey).await,
        Stage::Refused { reason: Refusal::Denied, .. } => Ok(Look::Ended(Outcome::Cancelled)),
        Stage::Refused { .. } | Stage::Granted { .. } => {
            sleep(left).await;
            Ok(Look::Waits)
        }
        Stage::Received | Stage::Identified { .. } | Stage::Challenged { .. } => {
            ports.journeys.changed(opened.handle, version, left).await?;
            Ok(Look::Waits)
        }
    }
}

/// The proof is used up before Keycloak hears of it, so it counts once, whatever happens on the way.
/// Evidence below the request, and a subscription that has ended meanwhile, prove nothing (T-100,
/// T-223).
async fn grant(
    ports: &Ports,
    opened: &Opened,
    version: u64,
    journey: Journey,
) -> Result<Look, StoreError> {
    let Stage::Verified { subscriber, evidence, .. } = &journey.stage else {
        return Ok(Look::Waits);
    };
    let is_enough = evidence.acr(&journey.ask.levels).is_some();
    if !is_enough || !is_active(ports, subscriber).await? {
        return Ok(Look::Ended(Outcome::Unauthorized));
    }
    let Ok(stage) = journey.stage.clone().grant(ports.clock.now()) else { return Ok(Look::Waits) };
    let granted = Journey { stage, ..journey };
    let is_first = ports.journeys.use_up(opened.handle, version, granted).await?;
    Ok(if is_first { Look::Ended(Outcome::Succeed) } else { Look::Waits })
}

async fn is_active(ports: &Ports, subscriber: &SubscriberId) -> Result<bool, StoreError> {
    let found = ports.subscribers.lookup(subscriber).await?;
    Ok(found.is_some_and(|found| found.may_authenticate()))
}
