//! What is being tried to reach the subscriber, and what comes next if nobody answers.

use std::{collections::BTreeMap, time::Duration};

use fiador_kernel::{AuthenticatorId, Digest, Loa, Timestamp};
use serde::{Deserialize, Serialize};

/// Authenticators that are asked at the same time: the first answer wins, and the others are over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainStep {
    /// Who is asked, the preferred one first; never empty, each at most once.
    pub authenticators: Vec<AuthenticatorId>,
    /// After so long without an answer the next step begins, if there is one. `None`: only a failure
    /// or the user leads on.
    pub patience: Option<Duration>,
    /// The least level that a proof must have for policy to agree with it, of those of whom it demands
    /// more than the request does. Their ceilings say what they can prove, not what they will.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub least_levels: BTreeMap<AuthenticatorId, Loa>,
}

impl ChainStep {
    /// One authenticator, which is waited for until it fails or the user wants another.
    pub fn only(authenticator: AuthenticatorId) -> Self {
        Self::together(vec![authenticator])
    }

    /// Several at the same time, who are waited for as one is by [`Self::only`].
    pub const fn together(authenticators: Vec<AuthenticatorId>) -> Self {
        Self { authenticators, patience: None, least_levels: BTreeMap::new() }
    }
}

/// How far a chain of authenticators has come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// Asked and not answered: an answer to any of them counts (T-121: each is one challenge).
    pub live: Vec<Prompt>,
    /// What policy demands of their proofs: [`ChainStep::least_levels`] of their step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub least_levels: BTreeMap<AuthenticatorId, Loa>,
    /// Steps that have not begun, in order.
    #[serde(default)]
    pub ahead: Vec<ChainStep>,
    /// What was asked before, in order.
    #[serde(default)]
    pub tried: Vec<Tried>,
    /// When the next step begins by itself.
    #[serde(default)]
    pub next_at: Option<Timestamp>,
    /// Somebody is starting a step, and nobody else does until then: whoever does may have stopped.
    #[serde(default)]
    pub starting_until: Option<Timestamp>,
}

/// One authenticator that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// Which adaptor.
    pub authenticator: AuthenticatorId,
    /// The adaptor's own state, opaque to everybody else.
    pub state: serde_json::Value,
    /// When it was asked: names this prompt among those of one authenticator, a later one voids it.
    pub at: Timestamp,
    /// SHA-256 of the secret by which somebody without the browser's cookie finds the journey: a link
    /// in a message, the state that a foreign authenticator brings back.
    #[serde(default)]
    pub reference: Option<Digest>,
    /// What is known of the message on its way to the phone.
    #[serde(default)]
    pub delivery: Delivery,
}

/// What became of a message, as far as its bearer tells. It never changes what an answer is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Nothing is known yet, or never will be.
    #[default]
    Unknown,
    /// Somebody who carries messages has taken it.
    Accepted,
    /// It is on the phone.
    Delivered,
    /// It will not arrive.
    Failed,
}

/// An authenticator that is not asked any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Which adaptor.
    pub authenticator: AuthenticatorId,
    /// How it ended.
    pub ending: Ending,
    /// When.
    pub at: Timestamp,
}

/// How a prompt ended without proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It could not be started.
    NotStarted,
    /// Its message will not arrive, or its authenticator gave up.
    Undelivered,
    /// Nobody answered in time.
    Unanswered,
    /// The user wanted another way.
    PassedOver,
    /// Its attempts are used up.
    Failed,
    /// A new prompt of the same authenticator took its place.
    Replaced,
}

impl Chain {
    /// Whether anybody was asked, now or before.
    pub fn has_asked(&self) -> bool {
        let asked = |tried: &Tried| tried.ending != Ending::NotStarted;
        !self.live.is_empty() || self.tried.iter().any(asked)
    }

    /// The live prompt of an authenticator.
    pub fn prompt_of(&self, authenticator: &AuthenticatorId) -> Option<&Prompt> {
        self.live.iter().find(|prompt| prompt.authenticator == *authenticator)
    }

    /// The live prompt with a reference.
    pub fn prompt_with(&self, reference: Digest) -> Option<&Prompt> {
        self.live.iter().find(|prompt| prompt.reference == Some(reference))
    }
}
