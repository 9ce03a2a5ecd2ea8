//! What an ID Token must say (OpenID Connect Core §3.1.3.7).

use fiador_kernel::{Digest, Timestamp};
use serde_json::{Map, Value};

use super::state::State;

/// How far clocks may be apart, in seconds.
const CLOCK_SKEW: i64 = 60;

/// The provider, us, and the request.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) state: &'a State,
    pub(super) now: Timestamp,
}

/// Which claim is wrong. For the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ID Token's `{0}` is missing or wrong")]
pub(super) struct WrongClaim(pub(super) &'static str);

impl Expected<'_> {
    /// Checks claims whose signature is the provider's. `auth_time` must lie in this transaction: what
    /// counts is an authentication now (T-100).
    pub(super) fn check(&self, claims: &Map<String, Value>) -> Result<(), WrongClaim> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
        let now = self.now.as_seconds();
        let asked_at = self.state.asked_at.as_seconds();
        let in_this_transaction =
            |at: i64| (asked_at - CLOCK_SKEW..=now + CLOCK_SKEW).contains(&at);
        let nonce = text("nonce").map(Digest::of);
        let checks = [
            ("iss", text("iss") == Some(self.issuer)),
            ("aud", self.is_for_us(claims.get("aud"))),
            ("azp", claims.get("azp").is_none_or(|azp| azp == self.client_id)),
            ("exp", seconds("exp").is_some_and(|exp| exp > now)),
            ("iat", seconds("iat").is_some_and(in_this_transaction)),
            ("auth_time", seconds("auth_time").is_some_and(in_this_transaction)),
            ("nonce", nonce == Some(self.state.nonce)),
            ("sub", text("sub").is_some_and(|sub| (1..=255).contains(&sub.len()))),
        ];
        match checks.into_iter().find(|(_, good)| !good) {
            Some((name, _)) => Err(WrongClaim(name)),
            None => Ok(()),
        }
    }

    /// Us alone: with others in the audience, somebody else could present the token too.
    fn is_for_us(&self, aud: Option<&Value>) -> bool {
        match aud {
            Some(Value::String(aud)) => aud == self.client_id,
            Some(Value::Array(all)) => matches!(&all[..], [only] if only == self.client_id),
            _ => false,
        }
    }
}
