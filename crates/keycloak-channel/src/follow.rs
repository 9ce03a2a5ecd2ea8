//! Waiting for the end of a journey.

use std::time::Duration;

use fiador_domain::{
    journey::{Journey, Refusal, Stage},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{SubscriberId, Timestamp};
use fiador_ports::{StoreError, Versioned};
use tokio::time::sleep;

use crate::{Ports, callback::Outcome, open::Opened};

/// The journey is looked at this often even if nothing seems to happen: steps fall due by time.
const PATIENCE: Duration = Duration::from_secs(2);
/// A database that fails is asked again after so long.
const PAUSE: Duration = Duration::from_secs(1);

/// Waits for the end, and gives what Keycloak is to be told. At the latest when Keycloak does not
/// wait any more.
pub(crate) async fn outcome_of(ports: &Ports, opened: &Opened, until: Timestamp) -> Outcome {
    loop {
        match look(ports, opened, until).await {
            Ok(Some(outcome)) => return outcome,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(journey = %opened.journey, %error, "a journey cannot be followed now");
                if ports.clock.now() >= until {
                    return Outcome::Unauthorized;
                }
                sleep(PAUSE).await;
            }
        }
    }
}

async fn look(
    ports: &Ports,
    opened: &Opened,
    until: Timestamp,
) -> Result<Option<Outcome>, StoreError> {
    let now = ports.clock.now();
    let Some(read) = ports.journeys.read(opened.handle, now).await? else {
        return Ok(Some(Outcome::Unauthorized));
    };
    let Versioned { version, journey } = ports.router.advance(opened.handle, read).await?;
    match &journey.stage {
        Stage::Verified { .. } => grant(ports, opened, version, journey).await,
        Stage::Refused { reason: Refusal::Denied, .. } => Ok(Some(Outcome::Cancelled)),
        Stage::Refused { .. } | Stage::Granted { .. } => Ok(Some(Outcome::Unauthorized)),
        Stage::Received | Stage::Identified { .. } | Stage::Challenged { .. } => {
            if now >= until {
                ports.router.abandon(opened.handle).await?;
                return Ok(Some(Outcome::Unauthorized));
            }
            ports.journeys.changed(opened.handle, version, PATIENCE).await?;
            Ok(None)
        }
    }
}

/// The proof is used up before Keycloak hears of it, so it counts once. Evidence below the request, and
/// a subscription that has ended meanwhile, prove nothing (T-100, T-223).
async fn grant(
    ports: &Ports,
    opened: &Opened,
    version: u64,
    mut journey: Journey,
) -> Result<Option<Outcome>, StoreError> {
    let Stage::Verified { subscriber, evidence, .. } = &journey.stage else { return Ok(None) };
    let is_enough = evidence.acr(&journey.ask.levels).is_some();
    if !is_enough || !is_active(ports, subscriber).await? {
        return Ok(Some(Outcome::Unauthorized));
    }
    let Ok(granted) = journey.stage.clone().grant(ports.clock.now()) else { return Ok(None) };
    journey.stage = granted;
    let won = ports.journeys.use_up(opened.handle, version, journey).await?;
    Ok(won.then_some(Outcome::Succeed))
}

async fn is_active(ports: &Ports, subscriber: &SubscriberId) -> Result<bool, StoreError> {
    let found = ports.subscribers.lookup(subscriber).await?;
    Ok(found.is_some_and(|found| found.status == SubscriberStatus::Active))
}
