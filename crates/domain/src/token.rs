//! What codes and access tokens carry under their seal (decision 0001).

use std::time::Duration;

use fiador_kernel::{
    ClientId, Digest, GrantId, Loa, Pcr, ScopeSet, SectorId, SubscriberId, Timestamp,
};
use serde::{Deserialize, Serialize};

/// An authorization code lives so long (T-035).
pub const CODE_LIFETIME: Duration = Duration::from_mins(1);
/// An access token lives so long.
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_mins(10);
/// An ID Token may be accepted for so long after it was issued.
pub const ID_TOKEN_LIFETIME: Duration = Duration::from_mins(10);
/// Whatever hangs on a login session is dead so long after the session was ended: a code that was
/// on its way, and the token that came of it at its last moment.
pub const LONGEST_LIFE: Duration = CODE_LIFETIME.saturating_add(ACCESS_TOKEN_LIFETIME);
/// Spent and revoked rows stay so long after what they end has expired.
pub const REMEMBERED_AFTER_EXPIRY: Duration = Duration::from_hours(24);

/// How often what a token hangs on has been ended. A token carries the counts of its birth; any
/// higher count at use means revoked. Integers instead of times, so that no two clocks need to
/// agree. A count that was never raised is zero and has no row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epochs {
    /// Of the subscriber: deactivation, recycling, "log me out everywhere".
    pub subscriber: u32,
    /// Of the client: disabling, lost secret.
    pub client: u32,
    /// Of the grant: revocation, second redemption of its code; and of the login session it
    /// belongs to: logout. As counts only grow, their sum grows when either does.
    pub grant: u32,
}

impl Epochs {
    /// Whether nothing was ended since `self` was written, `current` being the counts now.
    pub const fn still_holds(self, current: Self) -> bool {
        self.subscriber >= current.subscriber
            && self.client >= current.client
            && self.grant >= current.grant
    }
}

/// The content of an authorization code: everything the token response needs, so that issuing one
/// writes nothing and a code handed out survives a crash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeContent {
    /// Inner id: what "spent" is recorded under, and the grant that comes of it.
    pub grant: GrantId,
    /// For whom (T-034).
    pub client: ClientId,
    /// Who authenticated.
    pub subscriber: SubscriberId,
    /// The login session that the authentication belongs to, if the client's profile keeps one:
    /// SHA-256 of its cookie value. Its end is the code's end (T-056).
    pub session: Option<Digest>,
    /// The session begins with this code: the redemption writes it.
    pub begins_session: bool,
    /// Scopes granted.
    pub scopes: ScopeSet,
    /// Claims were asked for one by one: they are kept under the grant
    /// ([`crate::individual_claims::IndividualClaims`]).
    pub requested_claims: bool,
    /// Attribute scopes that the user agreed to on the way; the redemption stores that consent.
    pub consented: Option<ScopeSet>,
    /// `acr` to report; `None` if none can be claimed.
    pub acr: Option<Loa>,
    /// The level truly reached, for the session.
    pub level: Loa,
    /// Adaptor that gave the evidence.
    pub authenticator: fiador_kernel::AuthenticatorId,
    /// `amr` of both worlds, for the token and for the session.
    pub amr_mobile_connect: Vec<fiador_kernel::Amr>,
    /// See [`Self::amr_mobile_connect`].
    pub amr_rfc8176: Vec<fiador_kernel::Amr>,
    /// `auth_time`
    pub authenticated_at: Timestamp,
    /// `nonce` as it came.
    pub nonce: Option<String>,
    /// SHA-256 of the `redirect_uri` of the request.
    pub redirect_uri: Digest,
    /// PKCE challenge (S256), if one was sent.
    pub code_challenge: Option<Digest>,
    /// SHA-256 of the login hint exactly as received (mobile-connect §2.8, `hashed_login_hint`).
    pub hashed_login_hint: Option<Digest>,
    /// What was shown to the user, for `displayed_data`; only with a transaction text.
    pub displayed_data: Option<String>,
    /// When it dies.
    pub expires_at: Timestamp,
    /// Counts of its birth.
    pub epochs: Epochs,
}

/// The content of an access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenContent {
    /// The grant it belongs to.
    pub grant: GrantId,
    /// For whom.
    pub client: ClientId,
    /// About whom.
    pub subscriber: SubscriberId,
    /// The login session that the authentication belongs to; see [`CodeContent::session`].
    pub session: Option<Digest>,
    /// `sub` in the client's sector.
    pub pcr: Pcr,
    /// The sector of `pcr`.
    pub sector: SectorId,
    /// What it opens (T-055).
    pub scopes: ScopeSet,
    /// Claims were asked for one by one; see [`CodeContent::requested_claims`].
    pub requested_claims: bool,
    /// How the user was authenticated, in the words of Mobile Connect; empty once the login is no
    /// longer fresh (refresh). A product may rest on it ([`crate::assurance::SEAMLESS`]).
    pub amr: Vec<fiador_kernel::Amr>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it dies.
    pub expires_at: Timestamp,
    /// Counts of its birth.
    pub epochs: Epochs,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_higher_count_ends_a_token() {
        let born = Epochs { subscriber: 2, client: 0, grant: 0 };
        assert!(born.still_holds(born));
        assert!(!born.still_holds(Epochs { subscriber: 3, ..born }));
        assert!(!born.still_holds(Epochs { client: 1, ..born }));
        assert!(!born.still_holds(Epochs { grant: 1, ..born }));
    }
}
