//! The claims of an ID Token (OpenID Connect Core §2, mobile-connect §2.8).

use fiador_domain::{
    client::Client,
    token::{CodeContent, ID_TOKEN_LIFETIME},
};
use fiador_kernel::{Amr, Pcr, Timestamp};
use fiador_wire_oauth::id_token::{IdTokenClaims, at_hash, hashed_login_hint};

/// Everything about the authentication comes from the code, and so from recorded evidence (T-100).
///
/// `acr` is the level that was reached where none of the requested ones was: an `oidc` client asks
/// for levels as a wish and is told the truth (mobile-connect, "Decided").
pub(super) fn claims(
    issuer: &str,
    client: &Client,
    code: CodeContent,
    pcr: &Pcr,
    access_token: &str,
    now: Timestamp,
) -> IdTokenClaims {
    let amr = if client.profile.uses_mobile_connect_amr() {
        code.amr_mobile_connect
    } else {
        code.amr_rfc8176
    };
    // Without a hint the pseudonym is hashed: a hash of the number would let the service provider
    // find the number by trying all of them.
    let hint = || match code.hashed_login_hint {
        Some(digest) => digest.to_hex(),
        None => hashed_login_hint(&format!("PCR:{pcr}")),
    };
    IdTokenClaims {
        iss: issuer.to_owned(),
        sub: pcr.as_str().to_owned(),
        aud: vec![client.id.as_str().to_owned()],
        azp: code.client.into(),
        exp: (now + ID_TOKEN_LIFETIME).as_seconds(),
        iat: now.as_seconds(),
        auth_time: code.authenticated_at.as_seconds(),
        nonce: code.nonce,
        at_hash: Some(at_hash(access_token)),
        acr: code.acr.unwrap_or(code.level).as_str().to_owned(),
        amr: amr.iter().map(Amr::as_str).map(str::to_owned).collect(),
        hashed_login_hint: client.profile.reports_login_hint().then(hint),
        displayed_data: code.displayed_data,
        // A session is shared by service providers of different sectors: its id would link their
        // users (T-284).
        sid: None,
    }
}
