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
    /// The holder of a number that is encrypted to this gateway: a tagged hint.
    EncryptedNumber(String),
    /// The same: a token of Discovery.
    Token(String),
    /// An encrypted number after decryption. One that could not be decrypted is taken for a number
    /// that is unknown, so that nobody learns from the difference (T-048).
    Decrypted { number: Option<Msisdn>, named_by: String },
    /// A pseudonym that we never gave: taken for a number that is unknown.
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
    /// No other user will do, also when the user could choose (`prompt=select_account`).
    pub(crate) is_demand: bool,
}

impl Hinted {
    /// No hint.
    pub(crate) const NOBODY: Self =
        Self { hint: Hint::None, id_token: None, hash: None, is_demand: false };

    /// The same, but the user must be the bearer of this pseudonym, if there is one, whatever the
    /// hint says (OpenID Connect Core §5.5.1).
    pub(super) fn demanding(self, sub: Option<String>) -> Self {
        let Some(sub) = sub else { return self };
        let hint = Pcr::parse(&sub).map_or(Hint::Opaque(sub), Hint::Pcr);
        Self { hint, is_demand: true, ..self }
    }
}

/// Mobile Connect: a hint that cannot be read is an error.
pub(super) fn must_be_readable(request: &Addressed) -> Result<Hinted, Failure> {
    let id_token = id_token(request);
    let hinted = match (request.sent("login_hint"), request.sent("login_hint_token")) {
        (Some(_), Some(_)) => return Err(Failure::BothHints),
        (None, Some(token)) => read_token(token).ok_or(Failure::HintInvalid)?,
        (Some(text), None) => read(text).ok_or(Failure::HintInvalid)?,
        (None, None) if id_token.is_none() && !request.rules.asks_for_number => {
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
        LoginHint::EncryptedMsisdn(encrypted) => Hint::EncryptedNumber(encrypted),
    };
    Some(Hinted { hint, hash: Some(Digest::of(text)), ..Hinted::NOBODY })
}

/// A compact JWE (RFC 7516 §7.1); whether it can be decrypted must not show.
fn read_token(token: &str) -> Option<Hinted> {
    let is_base64url = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let parts: Vec<&str> = token.split('.').collect();
    let is_jwe = parts.len() == 5 && parts.iter().all(|part| part.bytes().all(is_base64url));
    is_jwe.then(|| Hinted {
        hint: Hint::Token(token.to_owned()),
        hash: Some(Digest::of(token)),
        ..Hinted::NOBODY
    })
}

fn id_token(request: &Addressed) -> Option<String> {
    request.value("id_token_hint").map(str::to_owned)
}
