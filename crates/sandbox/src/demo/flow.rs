//! Logins under way, by `state`.

use std::collections::VecDeque;

/// One login under way.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// `state`, also the key.
    pub(super) state: String,
    /// `nonce`.
    pub(super) nonce: String,
    /// PKCE verifier.
    pub(super) verifier: String,
    /// Index of the application.
    pub(super) application: usize,
    /// Where attributes are fetched: `userinfo` or `premiuminfo`.
    pub(super) resource: Option<&'static str>,
}

/// Bounded: the oldest login is forgotten first.
#[derive(Default)]
pub(super) struct Flows {
    waiting: VecDeque<Flow>,
    pub(super) count: u64,
}

impl Flows {
    pub(super) fn begin(&mut self, flow: Flow) {
        if self.waiting.len() == 64 {
            self.waiting.pop_front();
        }
        self.waiting.push_back(flow);
    }

    /// The login with this `state`, once.
    pub(super) fn take(&mut self, state: &str) -> Option<Flow> {
        let index = self.waiting.iter().position(|flow| flow.state == state)?;
        self.waiting.remove(index)
    }
}
