//! `login_hint_token`: the number as a JWT that Discovery signed (MODRNA; mobile-connect §2.4).

use fiador_jose::{Algorithm, Expect, ExpectTyp, strict_json, verify_compact};
use fiador_kernel::{Msisdn, Timestamp};
use fiador_ports::OperatorKeyError;
use serde_json::{Value, json};

use super::plaintext;
use crate::KeyRing;

/// A type of its own, so that no other token of the same key passes for it, nor it for them
/// (RFC 8725 §3.11).
const TYP: &str = "login-hint+jwt";

/// Clocks of nodes may differ by this much (T-244).
const LEEWAY_SECONDS: i64 = 60;

/// What is signed.
pub(super) struct HintToken<'a> {
    /// The issuer of the operator that may read it.
    pub(super) audience: &'a str,
    pub(super) number: &'a Msisdn,
    pub(super) expires_at: Timestamp,
}

impl HintToken<'_> {
    /// The token, signed with our active key.
    pub(super) fn sign(&self, ring: &KeyRing) -> Result<String, OperatorKeyError> {
        let claims = json!({
            "iss": ring.issuer,
            "aud": self.audience,
            "iat": ring.clock.now().as_seconds(),
            "exp": self.expires_at.as_seconds(),
            "MSISDN": self.number.digits(),
        });
        let view = ring.view();
        let pair = view.rs256.as_ref().ok_or(OperatorKeyError::NoKey)?;
        let signed = pair.private.sign_compact(Some(TYP), &claims);
        signed.map_err(|_| OperatorKeyError::Library)
    }

    /// The number in a token that our own Discovery signed for us and whose time is not over. A
    /// token of another Discovery is not known here: nobody has said whose keys to believe.
    pub(super) fn read(ring: &KeyRing, signed: &[u8]) -> Option<Msisdn> {
        let token = std::str::from_utf8(signed).ok()?;
        let expect = Expect { algorithms: &[Algorithm::Rs256], typ: ExpectTyp::Exactly(TYP) };
        let payload = verify_compact(token, &ring.view().verification, expect).ok()?;
        let claims: Value = strict_json::from_slice(&payload.bytes).ok()?;
        let now = ring.clock.now().as_seconds();
        let is_ours = claims.get("iss")?.as_str()? == ring.issuer;
        let is_for_us = claims.get("aud")?.as_str()? == ring.issuer;
        let is_current = now < claims.get("exp")?.as_i64()?
            && claims.get("iat")?.as_i64()? <= now.saturating_add(LEEWAY_SECONDS);
        (is_ours && is_for_us && is_current).then(|| plaintext::claimed(&claims)).flatten()
    }
}
