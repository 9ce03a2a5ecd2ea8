//! Refresh tokens: what a family of them stands for, and what a token that is presented means.
//!
//! The tokens of a family follow each other; only the newest is good. A token is never stored, only
//! its SHA-256 (T-054). That a retry gets the same successor again (T-051) needs no more than a
//! random seed beside that: the successor is computed from the token that it replaces and the seed,
//! and whoever reads the database has the seed without the token.

use std::time::Duration;

use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Digest, GrantId, Loa, ScopeSet, SectorId, SubscriberId,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::token::Epochs;

/// A family that nobody used for so long is over (T-053).
pub const IDLE: Duration = Duration::from_hours(14 * 24);
/// A family is over after so long, however much it is used (T-053).
pub const ABSOLUTE: Duration = Duration::from_hours(90 * 24);
/// For so long after a token was replaced, its replacement is given again to whoever did not
/// receive it (T-051).
pub const RETRY: Duration = Duration::from_secs(30);

/// What the tokens of a family stand for: one authentication and what came of it. It is stored as
/// JSON; members may be added, with a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshContent {
    /// The grant that the family belongs to.
    pub grant: GrantId,
    /// For whom: nobody else may use it.
    pub client: ClientId,
    /// Who authenticated.
    pub subscriber: SubscriberId,
    /// The login session that the authentication belongs to; see
    /// [`crate::token::CodeContent::session`].
    pub session: Option<Digest>,
    /// The sector of the pseudonym that the client knows the subscriber by.
    pub sector: SectorId,
    /// Scopes granted: the most that an access token of the family may have.
    pub scopes: ScopeSet,
    /// `acr` to report; `None` if none can be claimed.
    pub acr: Option<Loa>,
    /// The level truly reached.
    pub level: Loa,
    /// Adaptor that gave the evidence.
    pub authenticator: AuthenticatorId,
    /// `amr` of both worlds.
    pub amr_mobile_connect: Vec<Amr>,
    /// See [`Self::amr_mobile_connect`].
    pub amr_rfc8176: Vec<Amr>,
    /// `auth_time`
    pub authenticated_at: Timestamp,
    /// See [`crate::token::CodeContent::hashed_login_hint`].
    pub hashed_login_hint: Option<Digest>,
}

/// One token takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// SHA-256 of the new token.
    pub next: Digest,
    /// What the new token is computed with, beside the old one.
    pub seed: Digest,
}

/// A family as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshFamily {
    /// SHA-256 of the part that all its tokens share: where it is found.
    pub id: Digest,
    /// What it stands for.
    pub content: RefreshContent,
    /// Counts of its birth; a higher count of subscriber or client now refuses it.
    pub epochs: Epochs,
    /// How often its token was replaced.
    pub generation: u32,
    /// SHA-256 of the newest token.
    pub current: Digest,
    /// The token before it, if there was one.
    pub replaced: Option<Replaced>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
}

/// The token before the newest. It is stored as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its SHA-256.
    pub token: Digest,
    /// See [`Rotation::seed`].
    pub seed: Digest,
    /// When it was replaced.
    pub at: Timestamp,
}

/// What a presented token is to its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The newest token.
    Current,
    /// The token before it, shortly after it was replaced: an answer was lost.
    Retried(Replaced),
    /// A token that was replaced longer ago: two parties hold tokens of this family.
    Reused,
    /// Never a token of this family.
    Foreign,
}

/// When a family that began at `begun_at` ends if nobody uses it after `used_at`.
pub fn expires_at(begun_at: Timestamp, used_at: Timestamp) -> Timestamp {
    (used_at + IDLE).min(begun_at + ABSOLUTE)
}

impl RefreshFamily {
    /// When it ends if nobody uses it any more.
    pub fn expires_at(&self) -> Timestamp {
        expires_at(self.begun_at, self.used_at)
    }

    /// What the token with this hash, which says that it is of `generation`, is at `now`. Hashes of
    /// old tokens are forgotten: a token of this family that names an earlier generation is taken
    /// for one. Its holder knows the secret part that all tokens of the family share.
    pub fn standing(&self, token: Digest, generation: u32, now: Timestamp) -> Standing {
        match self.replaced {
            _ if token == self.current => Standing::Current,
            Some(replaced) if token == replaced.token && now.since(replaced.at) < RETRY => {
                Standing::Retried(replaced)
            }
            _ if generation < self.generation => Standing::Reused,
            _ => Standing::Foreign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        Digest::of(text)
    }

    fn family() -> RefreshFamily {
        let start = Timestamp::from_seconds(1_000);
        RefreshFamily {
            id: digest("family"),
            content: RefreshContent {
                grant: GrantId::new("g").unwrap(),
                client: ClientId::new("c").unwrap(),
                subscriber: SubscriberId::new("s").unwrap(),
                session: None,
                sector: SectorId::new("x").unwrap(),
                scopes: ScopeSet::parse("openid offline_access").unwrap(),
                acr: Some(Loa::Two),
                level: Loa::Two,
                authenticator: AuthenticatorId::new("sms_otp").unwrap(),
                amr_mobile_connect: vec![Amr::new("OTP_OK")],
                amr_rfc8176: vec![Amr::new("otp")],
                authenticated_at: start,
                hashed_login_hint: Some(digest("MSISDN:447700900907")),
            },
            epochs: Epochs::default(),
            generation: 2,
            current: digest("third"),
            replaced: Some(Replaced { token: digest("second"), seed: digest("seed"), at: start }),
            begun_at: start,
            used_at: start,
        }
    }

    /// T-051.
    #[test]
    fn a_replaced_token_is_a_retry_for_thirty_seconds_and_reuse_afterwards() {
        let family = family();
        let at = family.used_at;
        let last = at + Duration::from_micros(29_999_999);
        let retried = Standing::Retried(family.replaced.unwrap());
        assert_eq!(family.standing(digest("second"), 1, last), retried);
        assert_eq!(family.standing(digest("second"), 1, at + RETRY), Standing::Reused);
        assert_eq!(family.standing(digest("third"), 2, at + RETRY), Standing::Current);
    }

    #[test]
    fn what_never_was_a_token_does_not_end_the_family_of_one_that_is() {
        let family = family();
        let at = family.used_at;
        assert_eq!(family.standing(digest("first"), 0, at), Standing::Reused);
        assert_eq!(family.standing(digest("altered"), 2, at), Standing::Foreign);
        assert_eq!(family.standing(digest("altered"), 3, at), Standing::Foreign);
    }

    /// T-053.
    #[test]
    fn a_family_ends_fourteen_days_after_its_last_use_and_ninety_after_its_begin() {
        let mut family = family();
        assert_eq!(family.expires_at(), family.begun_at + IDLE);
        family.used_at = family.begun_at + Duration::from_hours(89 * 24);
        assert_eq!(family.expires_at(), family.begun_at + ABSOLUTE);
    }

    #[test]
    fn the_content_reads_back_from_json() {
        let content = family().content;
        let json = serde_json::to_string(&content).unwrap();
        assert_eq!(serde_json::from_str::<RefreshContent>(&json).unwrap(), content);
    }
}
