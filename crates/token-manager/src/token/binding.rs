//! What ties a code to the one who may exchange it (T-034).

use fiador_domain::{client::Client, token::CodeContent};
use fiador_kernel::Digest;
use fiador_wire_oauth::pkce::{CodeChallenge, CodeVerifier};

use crate::{oauth_request::OAuthRequest, refusal::Refusal};

/// Every check that needs no database. The client comes first: a wrong one must not even learn that
/// the code exists, and can never reach the redemption that would end the right one's tokens
/// (T-036).
pub(super) fn check(
    code: &CodeContent,
    client: &Client,
    request: &OAuthRequest,
) -> Result<(), Refusal> {
    if code.client != client.id {
        return Err(Refusal::ForeignCode);
    }
    redirect_uri(code, request.mandatory("redirect_uri")?)?;
    verifier(code, client, request.form.get_non_empty("code_verifier"))
}

/// RFC 6749 §4.1.3: equal to the one of the authorization request.
fn redirect_uri(code: &CodeContent, redirect_uri: &str) -> Result<(), Refusal> {
    if code.redirect_uri == Digest::of(redirect_uri) {
        Ok(())
    } else {
        Err(Refusal::WrongRedirectUri)
    }
}

/// RFC 7636 §4.6. A verifier without a challenge and a challenge without a verifier are refused,
/// and so is a code without a challenge where the client needs one (T-032).
fn verifier(code: &CodeContent, client: &Client, presented: Option<&str>) -> Result<(), Refusal> {
    match (&code.code_challenge, presented) {
        (None, None) if client.requires_pkce || client.is_public() => {
            Err(Refusal::MissingChallenge)
        }
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Refusal::MissingChallenge),
        (Some(_), None) => Err(Refusal::WrongVerifier),
        (Some(challenge), Some(presented)) => {
            let challenge = CodeChallenge::from_bytes(*challenge.as_bytes());
            CodeVerifier::parse(presented)
                .is_ok_and(|verifier| challenge.is_answered_by(&verifier))
                .then_some(())
                .ok_or(Refusal::WrongVerifier)
        }
    }
}
