//! The question before it is known of whom: whether it is worth asking for a number at all.

use std::collections::BTreeSet;

use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet};

use super::PromptValue;
use crate::{
    journey::{Ask, ChainStep, Origin},
    profile::Profile,
};

/// What is asked, before it is known of whom.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// Who asks.
    pub client: &'a ClientId,
    /// Its world.
    pub profile: Profile,
    /// What it asks for.
    pub scopes: &'a ScopeSet,
    /// `acr_values` (or the client's default), in order of preference; empty means any level.
    pub levels: &'a [Loa],
    /// The levels are a wish: when none can be reached the strongest authenticator is used
    /// (OpenID Connect Core §3.1.2.1, `acr_values` as a voluntary claim).
    pub voluntary: bool,
    /// What the user must be asked anew.
    pub prompt: &'a BTreeSet<PromptValue>,
    /// Where the request came from.
    pub origin: &'a Origin,
    /// Whether a browser waits for the answer.
    pub has_browser: bool,
}

impl<'a> Need<'a> {
    /// What a journey's door has asked.
    pub fn of(ask: &'a Ask, origin: &'a Origin, has_browser: bool) -> Self {
        Self {
            client: &ask.client,
            profile: ask.profile,
            scopes: &ask.scopes,
            levels: &ask.levels,
            voluntary: ask.levels_voluntary,
            prompt: &ask.prompt,
            origin,
            has_browser,
        }
    }
}

/// What will be used, first choice first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Steps to try, best first; never empty.
    pub chain: Vec<ChainStep>,
}

impl Route {
    /// Every authenticator of the route, in order.
    pub fn authenticators(&self) -> impl Iterator<Item = &AuthenticatorId> {
        self.chain.iter().flat_map(|step| &step.authenticators)
    }
}
