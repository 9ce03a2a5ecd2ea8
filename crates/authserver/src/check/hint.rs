//! Hints about the user (mobile-connect §2.2 row 10, §2.4). Whether they name a subscriber is not
//! asked here: that answer must not show (T-048).

use fiador_kernel::{Digest, Msisdn, Pcr};
use fiador_wire_oauth::login_hint::LoginHint;

use super::{Addressed, Failure};

/// Who the service provider says the user is.
pub(crate) enum Hint {
    /// Nobody in particular.
    None,
    /// The holder of this number.
    Number(Msisdn),
    /// The bearer of this pseudonym in the client's sector.
    Pcr(Pcr),
    /// Whoever this ID Token of ours is about.
    IdToken(String),
    /// Somebody under a seal that cannot be opened here, or a pseudonym that we never gave: taken
    /// for a number that is unknown, so that nobody learns from the difference.
    Opaque(String),
}

/// The hint, and its trace in the ID Token.
pub(crate) struct Hinted {
    pub(crate) hint: Hint,
    /// SHA-256 of the hint exactly as received (§2.8, `hashed_login_hint`).
    pub(crate) hash: Option<Digest>,
}

impl Hinted {
    /// No hint.
    pub(crate) const NOBODY: Self = Self { hint: Hint::None, hash: None };
}

/// Mobile Connect: a hint that cannot be read is an error.
pub(super) fn must_be_readable(request: &Addressed) -> Result<Hinted, Failure> {
    match (request.sent("login_hint"), request.sent("login_hint_token")) {
        (Some(_), Some(_)) => Err(Failure::BothHints),
        // Tokens are issued by Discovery under a key that is not set up.
        (None, Some(_)) => Err(Failure::HintInvalid),
        (Some(text), None) => read(text).ok_or(Failure::HintInvalid),
        (None, None) => match id_token(request) {
            None if !request.asks_for_number => Err(Failure::HintMissing),
            hinted => Ok(hinted.unwrap_or(Hinted::NOBODY)),
        },
    }
}

/// OpenID Connect Core §3.1.2.1: a hint that cannot be used is not used.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn if_readable(request: &Addressed) -> Result<Hinted, Failure> {
    let hinted = request.value("login_hint").and_then(read);
    Ok(hinted.or_else(|| id_token(request)).unwrap_or(Hinted::NOBODY))
}

fn read(text: &str) -> Option<Hinted> {
    let hint = match LoginHint::parse(text).ok()? {
        LoginHint::Msisdn(digits) | LoginHint::Tel(digits) | LoginHint::Bare(digits) => {
            Hint::Number(Msisdn::from_digits(&digits).ok()?)
        }
        LoginHint::Pcr(sub) => Pcr::parse(&sub).map_or(Hint::Opaque(sub), Hint::Pcr),
        LoginHint::EncryptedMsisdn(sealed) => Hint::Opaque(sealed),
    };
    Some(Hinted { hint, hash: Some(Digest::of(text)) })
}

fn id_token(request: &Addressed) -> Option<Hinted> {
    let token = request.value("id_token_hint")?;
    Some(Hinted { hint: Hint::IdToken(token.to_owned()), hash: None })
}
