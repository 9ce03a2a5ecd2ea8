//! The pseudonym of a subscriber at one service provider.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Entropy;

/// Pseudonymous Customer Reference: the `sub` of an ID Token (mobile-connect §4).
///
/// A random UUID version 4 (RFC 9562 §5.4), never derived from the number, one for each
/// (subscription, sector). 36 characters of ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pcr(String);

impl Pcr {
    /// A new pseudonym (122 random bits, T-067).
    pub fn random(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
    }

    /// From text read back from storage or presented in a hint; `None` unless it is a UUID in
    /// lower-case hyphenated form.
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = uuid::Uuid::try_parse(text).ok()?;
        let canonical = uuid.to_string();
        (canonical == text).then_some(Self(canonical))
    }

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pcr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsEntropy;

    #[test]
    fn a_pcr_is_a_version_4_uuid_and_reads_back() {
        let pcr = Pcr::random(&OsEntropy);
        assert_eq!(pcr.as_str().as_bytes()[14], b'4');
        assert_eq!(Pcr::parse(pcr.as_str()), Some(pcr.clone()));
        assert_eq!(Pcr::parse(&pcr.as_str().to_uppercase()), None);
        assert_eq!(Pcr::parse("34600000001"), None);
    }
}
