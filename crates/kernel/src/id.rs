//! Identifiers, each its own type so that none can be passed for another.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Entropy, token_text};

/// The text cannot be such an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier is 1 to 255 visible ASCII characters")]
pub struct IdError;

fn check(text: &str) -> Result<(), IdError> {
    let visible = text.bytes().all(|b| b.is_ascii_graphic());
    if visible && (1..=255).contains(&text.len()) { Ok(()) } else { Err(IdError) }
}

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        ///
        /// 1 to 255 visible ASCII characters.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks length and characters.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// A new one of 128 random bits, 22 characters of `[A-Za-z0-9_-]`.
            pub fn random(entropy: &dyn Entropy) -> Self {
                Self(token_text(entropy, 16))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                check(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identifier! {
    /// An OAuth client (RFC 6749 §2.2): one application of a service provider at this operator.
    ClientId
}
identifier! {
    /// A subscription of the operator: the contract, not the number, which may change or be
    /// recycled (mobile-connect §4).
    SubscriberId
}
identifier! {
    /// One authentication journey, in logs and audit. Not the handle that opens it.
    JourneyId
}
identifier! {
    /// What a code was exchanged for: revoking the grant ends every token made from it.
    GrantId
}
identifier! {
    /// A sector inside which subjects share one pseudonym (OpenID Connect Core §8.1).
    SectorId
}
identifier! {
    /// A login session, in logs and audit. Not the cookie value that opens it.
    SessionId
}
identifier! {
    /// An authenticator adaptor, such as `sms_otp`.
    AuthenticatorId
}
identifier! {
    /// An operator known to Discovery.
    OperatorId
}

/// The `correlation_id` of a service provider: 1 to 128 characters without control characters,
/// echoed exactly (mobile-connect §1.6, §2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CorrelationId(String);

impl CorrelationId {
    /// Checks length and characters.
    pub fn new(text: &str) -> Result<Self, IdError> {
        if (1..=128).contains(&text.len())
            && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError)
        }
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CorrelationId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        Self::new(&text)
    }
}

impl From<CorrelationId> for String {
    fn from(id: CorrelationId) -> Self {
        id.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_refuse_control_characters_spaces_and_length() {
        assert!(ClientId::new("app-1=").is_ok());
        for bad in ["", "a b", "a\u{0}", "é", &"x".repeat(256)] {
            assert_eq!(ClientId::new(bad), Err(IdError), "{bad:?}");
        }
    }
}
