//! Reaching the phone, for the first time or again.

use std::time::Duration;

use fiador_domain::journey::{Refusal, Stage, Subject};
use fiador_kernel::{Digest, Msisdn};
use fiador_ports::{Challenge, StartError};

use crate::{AuthServer, check::Failure, pages::Visit, trouble::Trouble};

/// What came of it.
pub(crate) enum Reached {
    /// An answer is awaited.
    Asked,
    /// No message may be sent for so long; the same for known and unknown numbers (T-048).
    NotNow(Duration),
    /// No other message can be sent at the moment; the one before stands.
    NotAgain,
    /// There is no way to the phone; the journey is over.
    Never(Failure),
}

impl AuthServer {
    /// Has routing reach the phone of an identified journey, and keeps the new challenge. `number`
    /// is the one that the journey was identified by, if this request did it.
    pub(crate) async fn reach(
        &self,
        visit: &mut Visit,
        number: Option<&Msisdn>,
        network: &str,
    ) -> Result<Reached, Trouble> {
        let before = visit.stage().clone();
        let (subject, previous) = match &before {
            Stage::Identified { subject } => (subject, None),
            Stage::Challenged { subject, authenticator, challenge, .. } => {
                (subject, Some((authenticator, challenge)))
            }
            _ => return Ok(Reached::Asked),
        };
        let challenge = Challenge { number, ..visit.challenge(subject, network) };
        let (authenticator, started) = match self.router.start(challenge, previous).await {
            Ok(started) => started,
            // What is on the phone is not taken away by a message that could not follow it.
            Err(StartError::Unavailable) if previous.is_some() => return Ok(Reached::NotAgain),
            Err(error) => return self.not_reached(visit, error).await,
        };
        let at = self.clock.now();
        // Another tab may have changed the number meanwhile: a challenge belongs to its subject.
        while visit.stage().subject_is(subject) {
            let stage = visit.stage().clone();
            let Ok(stage) = stage.challenge(authenticator.clone(), started.state.clone(), at)
            else {
                break;
            };
            if visit.advance(self, stage).await? {
                break;
            }
        }
        Ok(Reached::Asked)
    }

    async fn not_reached(&self, visit: &mut Visit, error: StartError) -> Result<Reached, Trouble> {
        let (refusal, failure) = match error {
            StartError::BudgetExhausted(wait) | StartError::LockedOut(wait) => {
                return Ok(Reached::NotNow(wait));
            }
            StartError::Store(error) => return Err(error.into()),
            StartError::Unavailable => (Refusal::Unavailable, Failure::Unavailable),
            // mobile-connect §2.1: no authenticator can show the text, and it is never cut.
            StartError::TextTooLong => (Refusal::Unavailable, Failure::ContextInvalid),
        };
        visit.refuse(self, refusal).await?;
        Ok(Reached::Never(failure))
    }
}

impl Visit {
    /// The journey as an adaptor is told about it.
    pub(crate) fn challenge<'a>(
        &'a self,
        subject: &'a Subject,
        browser_network: &'a str,
    ) -> Challenge<'a> {
        Challenge {
            journey: &self.journey.id,
            ask: &self.journey.ask,
            subject,
            number: None,
            number_block: self.door.number_block.unwrap_or_else(|| Digest::of("")),
            browser_network,
            expires_at: self.journey.deadline(),
        }
    }
}

/// Whether a stage is still about the same phone.
trait AboutSubject {
    fn subject_is(&self, subject: &Subject) -> bool;
}

impl AboutSubject for Stage {
    fn subject_is(&self, expected: &Subject) -> bool {
        match self {
            Self::Identified { subject } | Self::Challenged { subject, .. } => subject == expected,
            _ => false,
        }
    }
}
