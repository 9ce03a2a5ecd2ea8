//! The claims of an ID Token (OpenID Connect Core §2, mobile-connect §2.8).

use fiador_domain::{
    client::Client,
    refresh::RefreshContent,
    token::{CodeContent, ID_TOKEN_LIFETIME},
};
use fiador_kernel::{Amr, Digest, Loa, Pcr, Timestamp};
use fiador_wire_oauth::id_token::{IdTokenClaims, at_hash, hashed_login_hint};

/// What an ID Token says about the authentication: everything from recorded evidence (T-100).
pub(super) struct Authentication {
    acr: Option<Loa>,
    level: Loa,
    amr_mobile_connect: Vec<Amr>,
    amr_rfc8176: Vec<Amr>,
    at: Timestamp,
    nonce: Option<String>,
    hashed_login_hint: Option<Digest>,
    displayed_data: Option<String>,
}

impl Authentication {
    /// The authentication that a code was given for.
    pub(super) fn of_code(code: CodeContent) -> Self {
        Self {
            acr: code.acr,
            level: code.level,
            amr_mobile_connect: code.amr_mobile_connect,
            amr_rfc8176: code.amr_rfc8176,
            at: code.authenticated_at,
            nonce: code.nonce,
            hashed_login_hint: code.hashed_login_hint,
            displayed_data: code.displayed_data,
        }
    }

    /// The same authentication when its tokens are refreshed: the time is the original one. There
    /// is no nonce, which belongs to one request (OpenID Connect Core §12.2), and for the same
    /// reason no text that was displayed.
    pub(super) fn of_family(content: &RefreshContent) -> Self {
        Self {
            acr: content.acr,
            level: content.level,
            amr_mobile_connect: content.amr_mobile_connect.clone(),
            amr_rfc8176: content.amr_rfc8176.clone(),
            at: content.authenticated_at,
            nonce: None,
            hashed_login_hint: content.hashed_login_hint,
            displayed_data: None,
        }
    }
}

/// `acr` is the level that was reached where none of the requested ones was: an `oidc` client asks
/// for levels as a wish and is told the truth (mobile-connect, "Decided").
pub(super) fn claims(
    issuer: &str,
    client: &Client,
    authentication: Authentication,
    pcr: &Pcr,
    access_token: &str,
    now: Timestamp,
) -> IdTokenClaims {
    let amr = if client.profile.uses_mobile_connect_amr() {
        authentication.amr_mobile_connect
    } else {
        authentication.amr_rfc8176
    };
    // Without a hint the pseudonym is hashed: a hash of the number would let the service provider
    // find the number by trying all of them.
    let hint = || match authentication.hashed_login_hint {
        Some(digest) => digest.to_hex(),
        None => hashed_login_hint(&format!("PCR:{pcr}")),
    };
    IdTokenClaims {
        iss: issuer.to_owned(),
        sub: pcr.as_str().to_owned(),
        aud: vec![client.id.as_str().to_owned()],
        azp: client.id.as_str().to_owned(),
        exp: (now + ID_TOKEN_LIFETIME).as_seconds(),
        iat: now.as_seconds(),
        auth_time: authentication.at.as_seconds(),
        nonce: authentication.nonce,
        at_hash: Some(at_hash(access_token)),
        acr: authentication.acr.unwrap_or(authentication.level).as_str().to_owned(),
        amr: amr.iter().map(Amr::as_str).map(str::to_owned).collect(),
        hashed_login_hint: client.profile.reports_login_hint().then(hint),
        displayed_data: authentication.displayed_data,
        // A session is shared by service providers of different sectors: its id would link their
        // users (T-284).
        sid: None,
    }
}
