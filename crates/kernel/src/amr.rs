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
