//! Authentication method references.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// One entry of the `amr` claim: how the user was authenticated.
///
/// Mobile Connect has its own names (`OTP_OK`, `SIM_PIN`, …), plain OpenID Connect uses RFC 8176
/// (`otp`, `sms`, …); an authenticator reports both lists and the client's profile picks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amr(Cow<'static, str>);

impl Amr {
    /// A method known when the gateway was built.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A method that the operator's configuration names: 1 to 32 letters, digits, `_`, `-`, `:` and
    /// `.`; `None` for anything else.
    pub fn parse(name: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_-:.".contains(&b);
        let good = (1..=32).contains(&name.len()) && name.bytes().all(fits);
        good.then(|| Self(Cow::Owned(name.to_owned())))
    }

    /// The value on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Amr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
