//! What the authorize door keeps in a journey to give its answer.

use fiador_domain::journey::DoorState;
use fiador_kernel::{Digest, ScopeSet, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{reply::Reply, trouble::Trouble};

/// The name of this door in journeys.
const NAME: &str = "authorize";

/// State of the authorize door.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Door {
    /// Where the answer goes.
    pub(crate) reply: Reply,
    /// For the ID Token.
    pub(crate) nonce: Option<String>,
    /// PKCE challenge.
    pub(crate) code_challenge: Option<Digest>,
    /// For the ID Token.
    pub(crate) hashed_login_hint: Option<Digest>,
    /// What the page has last asked the user to share: nothing else can be agreed to (T-049).
    #[serde(default)]
    pub(crate) shown: Option<ScopeSet>,
    /// Claims that were asked for one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<KeptClaims>,
    /// The answer, once it was given.
    pub(crate) given: Option<Given>,
}

/// Claims that were asked for one by one, until the code is made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptClaims {
    /// Scopes that would open them: the user must agree to these too (T-049). They do not become
    /// scopes of the tokens.
    pub(crate) scopes: ScopeSet,
    /// The claims under the vault, since values to compare are personal data (T-247); base64url.
    pub(crate) sealed: String,
}

/// An answer that was given. A second click of the same button gets the same answer: the browser
/// follows the last of its requests only, and would else be left without any.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Given {
    /// The code.
    pub(crate) code: String,
    /// The secret of the login session that begins with it.
    pub(crate) session: Option<String>,
    /// When.
    pub(crate) at: Timestamp,
}

impl Door {
    /// As a journey keeps it.
    pub(crate) fn to_state(&self) -> Result<DoorState, Trouble> {
        let content = serde_json::to_string(self);
        let content = content.map_err(|_| Trouble::Internal("a door's state cannot be written"))?;
        Ok(DoorState { door: NAME.to_owned(), content: content.into() })
    }

    /// Reads it back; a journey of another door is none of ours.
    pub(crate) fn of_state(state: &DoorState) -> Result<Self, Trouble> {
        if state.door != NAME {
            return Err(Trouble::NoJourney);
        }
        let door = serde_json::from_str(&state.content);
        door.map_err(|_| Trouble::Internal("a door's state cannot be read"))
    }
}

/// Code and session are secrets.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("at", &self.at).finish_non_exhaustive()
    }
}
