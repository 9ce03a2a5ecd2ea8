//! Authenticators Routing, as the doors and the adaptors see it.
//!
//! Doors open a journey and identify it; from then on routing owns its challenge, until it is
//! verified or refused. Every move is one compare-and-set on the journey, so of parallel answers, on
//! any number of nodes, exactly one counts (T-240).

use async_trait::async_trait;
use fiador_domain::{
    journey::{Delivery, Journey, Prompt},
    routing::{Need, Route, Unserved},
    subscriber::Subscriber,
};
use fiador_kernel::{AuthenticatorId, Digest, Msisdn};

use crate::{Answer, PromptFragment, StartError, StoreError, Versioned};

/// What the caller has just read of an identified subject, so that nobody reads it again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The number that the subscription was found by.
    pub number: Option<&'a Msisdn>,
    /// The subscription.
    pub subscriber: Option<&'a Subscriber>,
}

/// What became of an answer.
#[derive(Clone, Debug)]
pub enum Settled {
    /// The journey moved on: verified, refused, or on to the next authenticator.
    Moved(Versioned),
    /// Wrong; the prompt stands with one attempt less.
    Wrong(Versioned),
    /// There was nothing to answer any more: the journey as it is, if there is one.
    TooLate(Option<Versioned>),
}

/// A prompt, as the waiting page shows it.
#[derive(Clone, Debug)]
pub struct ShownPrompt {
    /// Whose it is; the form sends it back.
    pub authenticator: AuthenticatorId,
    /// What the adaptor shows.
    pub fragment: PromptFragment,
}

/// Chooses authenticators, asks them, and settles their answers.
#[async_trait]
pub trait AuthenticatorRouter: Send + Sync {
    /// Whether and by whom a request can be served, before anybody is asked for a number.
    fn plan(&self, need: Need<'_>) -> Result<Route, Unserved>;

    /// Reaches the phone of an identified journey by the first step of the chain that policy
    /// chooses. A journey that is past this is returned as it is, and so is one that policy has just
    /// refused for this subscriber. It stays identified when it has to wait
    /// ([`StartError::BudgetExhausted`], [`StartError::LockedOut`]) or the database fails; with any
    /// other error it is refused.
    async fn start(&self, handle: Digest, known: Known<'_>) -> Result<Versioned, StartError>;

    /// Asks again by an authenticator whose prompt is live ("send again"); the new prompt voids the
    /// old one. With an error the old one stands.
    async fn again(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
    ) -> Result<Versioned, StartError>;

    /// Goes on to the next step of the chain now ("use another way"). While somebody is at it already,
    /// and where there is no other way, the journey is returned as it is; with an error, what is live
    /// stays so.
    async fn other_way(&self, handle: Digest) -> Result<Versioned, StartError>;

    /// Settles an answer of the waiting browser.
    async fn answer(
        &self,
        handle: Digest,
        authenticator: &AuthenticatorId,
        answer: &Answer,
    ) -> Result<Settled, StoreError>;

    /// Does what is due: the next step after the configured wait, the end of a journey that is
    /// overdue. The journey as it is then.
    async fn advance(&self, handle: Digest, read: Versioned) -> Result<Versioned, StoreError>;

    /// The user gives up in the waiting browser: live prompts are void and the journey is refused.
    async fn abandon(&self, handle: Digest) -> Result<Option<Versioned>, StoreError>;

    /// What the waiting page shows: a part for each live prompt, in order. Prompts of adaptors that
    /// are no longer there are left out. `wrong`: whose last answer was wrong.
    fn prompts(&self, journey: &Journey, wrong: Option<&AuthenticatorId>) -> Vec<ShownPrompt>;
}

/// A live prompt, found by its reference.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The journey it belongs to.
    pub journey: Journey,
    /// The prompt.
    pub prompt: Prompt,
}

/// Prompts that are answered by another road than the waiting browser, for the adaptors that own
/// them. A reference that is unknown, answered, replaced or too old finds nothing, and nothing tells
/// these apart (T-129).
#[async_trait]
pub trait Prompts: Send + Sync {
    /// The live prompt with this reference.
    async fn find(&self, reference: Digest) -> Result<Option<Pending>, StoreError>;

    /// Settles an answer to it: an attempt is taken before it is evaluated (T-121).
    async fn answer(&self, reference: Digest, answer: &Answer) -> Result<Settled, StoreError>;

    /// Notes what became of its message. A failed one leads on to the next step at once (T-131).
    async fn report(&self, reference: Digest, delivery: Delivery) -> Result<(), StoreError>;
}
