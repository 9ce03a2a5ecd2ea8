//! The moves of a chain: pure, each from the chain as it is to the chain after it.
//!
//! Starting a step takes time, in which nobody else may start it too. So it is two moves: a claim,
//! which ends by itself, and what came of it, which counts only while the claim stands.

use std::time::Duration;

use fiador_domain::journey::{Chain, ChainStep, Delivery, Ending, Prompt, Tried};
use fiador_kernel::{AuthenticatorId, Digest, Timestamp};
use serde_json::Value;

/// Most endings that a chain remembers; the oldest goes first.
const REMEMBERED: usize = 32;

/// Names one prompt of a journey for good: a later one of the same authenticator is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PromptName {
    pub(crate) authenticator: AuthenticatorId,
    pub(crate) at: Timestamp,
}

/// Which prompt an answer is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Addressed<'a> {
    /// The waiting browser names the authenticator.
    By(&'a AuthenticatorId),
    /// The other road brings the reference.
    With(Digest),
}

/// What a chain is due for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing, or not yet.
    Nothing,
    /// Its next step.
    Step,
    /// Its end: nobody is asked and nobody is left.
    End,
}

impl PromptName {
    pub(crate) fn of(prompt: &Prompt) -> Self {
        Self { authenticator: prompt.authenticator.clone(), at: prompt.at }
    }

    pub(crate) fn is(&self, prompt: &Prompt) -> bool {
        self.at == prompt.at && self.authenticator == prompt.authenticator
    }
}

impl Addressed<'_> {
    pub(crate) fn find(self, chain: &Chain) -> Option<&Prompt> {
        match self {
            Self::By(authenticator) => chain.prompt_of(authenticator),
            Self::With(reference) => chain.prompt_with(reference),
        }
    }
}

/// A chain that has not begun.
pub(crate) fn fresh(steps: Vec<ChainStep>, claim: Timestamp) -> Chain {
    Chain { ahead: steps, starting_until: Some(claim), ..Chain::default() }
}

/// What is due at `now`.
pub(crate) fn due(chain: &Chain, now: Timestamp) -> Due {
    let is_claimed = chain.starting_until.is_some_and(|until| now < until);
    let is_time = chain.next_at.map_or(chain.live.is_empty(), |at| at <= now);
    match (is_claimed, chain.ahead.is_empty()) {
        (false, true) if chain.live.is_empty() => Due::End,
        (false, false) if is_time => Due::Step,
        _ => Due::Nothing,
    }
}

/// When to look at a chain again; `None` when nothing is due for it by itself.
pub(crate) fn due_at(chain: &Chain, now: Timestamp) -> Option<Timestamp> {
    let waits = !chain.ahead.is_empty();
    let claim = chain.starting_until.filter(|until| now < *until);
    claim.or(chain.next_at.filter(|_| waits))
}

/// The right to start the next step, if there is one and nobody has it at `now`. What would be due
/// meanwhile is due at the end of the claim: nobody is told to come for it before.
pub(crate) fn claimed(chain: &Chain, now: Timestamp, claim: Timestamp) -> Option<Chain> {
    let is_free = chain.starting_until.is_none_or(|until| until <= now);
    (is_free && !chain.ahead.is_empty()).then(|| Chain {
        starting_until: Some(claim),
        next_at: due_after(chain, claim),
        ..chain.clone()
    })
}

/// The next step has begun with these prompts: what was live before is over.
pub(crate) fn begun(
    chain: &Chain,
    claim: Timestamp,
    group: &[Prompt],
    not_started: &[(AuthenticatorId, Ending)],
    ending: Ending,
    now: Timestamp,
) -> Option<Chain> {
    let (step, ahead) = held_by(chain, claim)?.ahead.split_first()?;
    let mut next = Chain {
        live: group.to_vec(),
        least_levels: step.least_levels.clone(),
        ahead: ahead.to_vec(),
        tried: chain.tried.clone(),
        next_at: step.patience.filter(|_| !ahead.is_empty()).map(|patience| now + patience),
        starting_until: None,
    };
    for prompt in &chain.live {
        let ending = if prompt.delivery == Delivery::Failed { Ending::Undelivered } else { ending };
        remember(&mut next, &prompt.authenticator, ending, now);
    }
    for (authenticator, ending) in not_started {
        remember(&mut next, authenticator, *ending, now);
    }
    Some(next)
}

/// The next step could not begin; the claim is for the one after it.
pub(crate) fn skipped(
    chain: &Chain,
    claim: Timestamp,
    renewed: Timestamp,
    not_started: &[(AuthenticatorId, Ending)],
    now: Timestamp,
) -> Option<Chain> {
    let (_, ahead) = held_by(chain, claim)?.ahead.split_first()?;
    let mut next = Chain {
        ahead: ahead.to_vec(),
        starting_until: Some(renewed),
        next_at: due_after(chain, renewed).filter(|_| !ahead.is_empty()),
        ..chain.clone()
    };
    for (authenticator, ending) in not_started {
        remember(&mut next, authenticator, *ending, now);
    }
    Some(next)
}

/// The next step has to wait: the claim is given back, and the step is due at `next_at` by itself.
/// Of those that were not started, those who may have sent something are remembered.
pub(crate) fn released(
    chain: &Chain,
    claim: Timestamp,
    next_at: Option<Timestamp>,
    not_started: &[(AuthenticatorId, Ending)],
    now: Timestamp,
) -> Option<Chain> {
    let chain = held_by(chain, claim)?;
    let next_at = next_at.filter(|_| !chain.ahead.is_empty());
    let mut next = Chain { next_at, starting_until: None, ..chain.clone() };
    for (authenticator, ending) in not_started.iter().filter(|(_, e)| *e != Ending::NotStarted) {
        remember(&mut next, authenticator, *ending, now);
    }
    Some(next)
}

/// The prompt has one attempt less (T-121).
pub(crate) fn admitted(chain: &Chain, name: &PromptName, state: &Value) -> Option<Chain> {
    with_prompt(chain, name, |prompt| prompt.state = state.clone())
}

/// A new prompt of the same authenticator in place of the old one, which is waited for as long.
pub(crate) fn replaced(chain: &Chain, name: &PromptName, prompt: &Prompt) -> Option<Chain> {
    let mut next = with_prompt(chain, name, |old| *old = prompt.clone())?;
    let patience = |next_at: Timestamp| -> Duration { next_at.since(name.at) };
    next.next_at = chain.next_at.map(|next_at| prompt.at + patience(next_at));
    remember(&mut next, &name.authenticator, Ending::Replaced, prompt.at);
    Some(next)
}

/// A prompt is over, and others of its step may still be answered.
pub(crate) fn without(
    chain: &Chain,
    name: &PromptName,
    ending: Ending,
    now: Timestamp,
) -> Option<Chain> {
    let mut next = chain.clone();
    let at = next.live.iter().position(|prompt| name.is(prompt))?;
    next.live.remove(at);
    remember(&mut next, &name.authenticator, ending, now);
    Some(next)
}

/// More is known of a message; `None` when it is not more.
pub(crate) fn reported(chain: &Chain, reference: Digest, delivery: Delivery) -> Option<Chain> {
    let mut next = chain.clone();
    let prompt = next.live.iter_mut().find(|prompt| prompt.reference == Some(reference))?;
    tells_more(prompt.delivery, delivery).then(|| prompt.delivery = delivery)?;
    Some(next)
}

/// Whether every message of the step is lost, and another step is left.
pub(crate) fn is_lost(chain: &Chain) -> bool {
    let lost = chain.live.iter().all(|prompt| prompt.delivery == Delivery::Failed);
    lost && !chain.ahead.is_empty()
}

/// Receipts come twice and in any order. A message that has arrived has arrived, whatever else is
/// said of it; one that was given up may arrive all the same.
pub(crate) const fn tells_more(known: Delivery, told: Delivery) -> bool {
    matches!(
        (known, told),
        (Delivery::Unknown, Delivery::Accepted | Delivery::Delivered | Delivery::Failed)
            | (Delivery::Accepted, Delivery::Delivered | Delivery::Failed)
            | (Delivery::Failed, Delivery::Delivered)
    )
}

fn due_after(chain: &Chain, claim: Timestamp) -> Option<Timestamp> {
    chain.next_at.map(|next_at| next_at.max(claim))
}

fn held_by(chain: &Chain, claim: Timestamp) -> Option<&Chain> {
    (chain.starting_until == Some(claim)).then_some(chain)
}

fn with_prompt(
    chain: &Chain,
    name: &PromptName,
    change: impl FnOnce(&mut Prompt),
) -> Option<Chain> {
    let mut next = chain.clone();
    change(next.live.iter_mut().find(|prompt| name.is(prompt))?);
    Some(next)
}

fn remember(chain: &mut Chain, authenticator: &AuthenticatorId, ending: Ending, at: Timestamp) {
    chain.tried.push(Tried { authenticator: authenticator.clone(), ending, at });
    let surplus = chain.tried.len().saturating_sub(REMEMBERED);
    chain.tried.drain(..surplus);
}
