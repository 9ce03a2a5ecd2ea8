//! Hints about the user (mobile-connect §2.2 row 10, §2.4). Whether they name a subscriber is not
//! asked here: that answer must not show (T-048).

use fiador_kernel::{Digest, Msisdn, Pcr};
use fiador_wire_oauth::login_hint::LoginHint;

use super::{Addressed, Failure};

/// Who `login_hint` says the user is.
pub(crate) enum Hint {
    /// Nobody in particular.
    None,
    /// The holder of this number.
    Number(Msisdn),
    /// The bearer of this pseudonym in the client's sector.
    Pcr(Pcr),
    /// Somebody under a seal that cannot be opened here, or a pseudonym that we never gave: taken
    /// for a number that is unknown, so that nobody learns from the difference.
    Opaque(String),
}

/// What the request says about the user. Both hints may be there, and must then be about the same
/// user (OpenID Connect Core §3.1.2.1).
pub(crate) struct Hinted {
    pub(crate) hint: Hint,
    /// `id_token_hint`: an ID Token of ours, if it is one, about the user.
    pub(crate) id_token: Option<String>,
    /// SHA-256 of `login_hint` exactly as received (§2.8, `hashed_login_hint`).
    pub(crate) hash: Option<Digest>,
}

impl Hinted {
    /// No hint.
    pub(crate) const NOBODY: Self = Self { hint: Hint::None, id_token: None, hash: None };
}

/// Mobile Connect: a hint that cannot be read is an error.
pub(super) fn must_be_readable(request: &Addressed) -> Result<Hinted, Failure> {
    let id_token = id_token(request);
    let hinted = match (request.sent("login_hint"), request.sent("login_hint_token")) {
        (Some(_), Some(_)) => return Err(Failure::BothHints),
        // Tokens are issued by Discovery under a key that is not set up.
        (None, Some(_)) => return Err(Failure::HintInvalid),
        (Some(text), None) => read(text).ok_or(Failure::HintInvalid)?,
        (None, None) if id_token.is_none() && !request.asks_for_number => {
            return Err(Failure::HintMissing);
        }
        (None, None) => Hinted::NOBODY,
    };
    Ok(Hinted { id_token, ..hinted })
}

/// OpenID Connect Core §3.1.2.1: a hint that cannot be used is not used.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn if_readable(request: &Addressed) -> Result<Hinted, Failure> {
    let hinted = request.value("login_hint").and_then(read).unwrap_or(Hinted::NOBODY);
    Ok(Hinted { id_token: id_token(request), ..hinted })
}

fn read(text: &str) -> Option<Hinted> {
    let hint = match LoginHint::parse(text).ok()? {
        LoginHint::Msisdn(digits) | LoginHint::Tel(digits) | LoginHint::Bare(digits) => {
            Hint::Number(Msisdn::from_digits(&digits).ok()?)
        }
        LoginHint::Pcr(sub) => Pcr::parse(&sub).map_or(Hint::Opaque(sub), Hint::Pcr),
        LoginHint::EncryptedMsisdn(sealed) => Hint::Opaque(sealed),
    };
    Some(Hinted { hint, id_token: None, hash: Some(Digest::of(text)) })
}

fn id_token(request: &Addressed) -> Option<String> {
    request.value("id_token_hint").map(str::to_owned)
}
