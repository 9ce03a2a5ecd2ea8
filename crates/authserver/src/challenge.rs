//! Reaching the phone, for the first time, again or in another way: routing does it, and the journey
//! is as it says.

use std::time::Duration;

use fiador_domain::journey::Stage;
use fiador_kernel::AuthenticatorId;
use fiador_ports::{Known, StartError, Versioned};

use crate::{AuthServer, check::Failure, pages::Visit, trouble::Trouble};

/// What came of it.
#[derive(Clone, Copy)]
pub(crate) enum Reached {
    /// An answer is awaited, or the journey is past that.
    Asked,
    /// No message may be sent for so long; the same for known and unknown numbers (T-048).
    NotNow(Duration),
    /// Nobody else can be asked at the moment; what was asked before stands.
    NotAgain,
    /// There is no way to the phone; the journey is over.
    Never(Failure),
}

impl AuthServer {
    /// Reaches the phone of an identified journey; `known` is what this request has read of it.
    pub(crate) async fn reach(
        &self,
        visit: &mut Visit,
        known: Known<'_>,
    ) -> Result<Reached, Trouble> {
        let moved = self.router.start(visit.key(), known).await;
        visit.settle(moved)
    }

    /// Asks again by one who has asked before.
    pub(crate) async fn ask_again(
        &self,
        visit: &mut Visit,
        authenticator: &AuthenticatorId,
    ) -> Result<Reached, Trouble> {
        let moved = self.router.again(visit.key(), authenticator).await;
        visit.settle(moved)
    }

    /// Goes on to the next authenticators of the chain.
    pub(crate) async fn ask_otherwise(&self, visit: &mut Visit) -> Result<Reached, Trouble> {
        let moved = self.router.other_way(visit.key()).await;
        visit.settle(moved)
    }
}

impl Visit {
    fn settle(&mut self, moved: Result<Versioned, StartError>) -> Result<Reached, Trouble> {
        let was_asked = matches!(self.stage(), Stage::Challenged { .. });
        Ok(match moved {
            Ok(versioned) => {
                self.take(versioned)?;
                Reached::Asked
            }
            Err(StartError::BudgetExhausted(wait) | StartError::LockedOut(wait)) => {
                Reached::NotNow(wait)
            }
            // What is on the phone is not taken away by a message that could not follow it.
            Err(StartError::Unavailable | StartError::TextTooLong) if was_asked => {
                Reached::NotAgain
            }
            Err(StartError::Unavailable) => Reached::Never(Failure::Unavailable),
            // mobile-connect §2.1: no authenticator can show the text, and it is never cut.
            Err(StartError::TextTooLong) => Reached::Never(Failure::ContextInvalid),
            Err(StartError::NoJourney) => return Err(Trouble::NoJourney),
            Err(StartError::Store(error)) => return Err(error.into()),
        })
    }
}
