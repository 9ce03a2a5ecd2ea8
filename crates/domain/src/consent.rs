//! What a user agreed to share, with whom, and when.

use fiador_kernel::{ClientId, ScopeSet, SubscriberId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::catalog;

/// Edition of the consent text that pages show. A consent to an older edition is asked again.
pub const TEXT_VERSION: u32 = 2;

/// A stored consent (T-049): one row for each subscriber and client, the latest decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who agreed.
    pub subscriber: SubscriberId,
    /// Who may read.
    pub client: ClientId,
    /// What may be read: the attribute scopes agreed to.
    pub scopes: ScopeSet,
    /// Edition of the text that was shown.
    pub text_version: u32,
    /// When.
    pub given_at: Timestamp,
}

/// The scopes of a request that still need the user's word.
pub fn missing(requested: &ScopeSet, given: Option<&Consent>) -> ScopeSet {
    let needed = catalog::needing_consent(requested);
    match given {
        Some(consent) if consent.text_version == TEXT_VERSION => needed.difference(&consent.scopes),
        _ => needed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_yet_agreed_to_is_asked() {
        let requested = ScopeSet::parse("openid profile email").unwrap();
        let mut given = Consent {
            subscriber: SubscriberId::new("s").unwrap(),
            client: ClientId::new("c").unwrap(),
            scopes: ScopeSet::parse("email").unwrap(),
            text_version: TEXT_VERSION,
            given_at: Timestamp::default(),
        };
        assert_eq!(missing(&requested, Some(&given)).to_string(), "profile");
        given.text_version -= 1;
        assert_eq!(missing(&requested, Some(&given)).to_string(), "email profile");
    }
}
