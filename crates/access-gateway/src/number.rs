//! Verified number (Verified MSISDN): is this the number that the login came from? (mobile-connect §2.9)

use axum::response::Response;
use fiador_domain::{
    assurance::SEAMLESS,
    catalog::{self, Resource},
};
use fiador_kernel::{Digest, Msisdn, ScopeSet};
use fiador_wire_oauth::strict_json;
use serde_json::{Map, Value};

use crate::{
    Inner, access::SubscriberAccess, answer, attributes, envelope::Envelope,
    permission::Permission, presented::Presented, refusal::Refusal,
};

/// What the service provider believes the number to be.
enum Claimed {
    Number(Msisdn),
    /// SHA-256 of the number with `+`.
    Hash(Digest),
}

/// `mc_claims` of the body, if there is any: at UserInfo nothing else is a question about a number.
/// A token without a scope of this product asks none, whatever the body says.
pub(crate) fn is_asked(presented: &Presented, access: &SubscriberAccess) -> Result<bool, Refusal> {
    if !catalog::reaches(&access.token.scopes, Resource::VerifiedNumber) {
        return Ok(false);
    }
    let Some(document) = &presented.document else { return Ok(false) };
    Ok(parsed(document)?.contains_key("mc_claims"))
}

/// Compares. The login must rest on the network's own word: any other proof only shows that the
/// user can read messages to a number, which is not what this product promises (T-172).
pub(crate) async fn answer(
    inner: &Inner,
    presented: &Presented,
    access: &SubscriberAccess,
) -> Result<Response, Refusal> {
    let token = &access.token;
    inner.admit(Resource::VerifiedNumber, &token.client, &token.scopes)?;
    let claimed = Claimed::read(presented.document.as_deref())?;
    let among = |scopes: &ScopeSet| claimed.scopes().iter().any(|scope| scopes.contains(scope));
    if !among(&token.scopes) {
        return Err(Refusal::InsufficientScope);
    }
    if !token.amr.contains(&SEAMLESS) {
        return Err(Refusal::NotByNetwork);
    }
    let dependencies = &inner.dependencies;
    let permission = Permission::read(dependencies, Resource::VerifiedNumber, access).await?;
    if !among(&permission.granted) {
        return Err(Refusal::NoConsent);
    }
    inner.guesses.admit(&token.grant)?;
    let attribution = attributes::ask(dependencies, access, vec!["phone_number"]).await?;
    let number = attribution.attributes.0.get("phone_number").and_then(Value::as_str);
    let verified = claimed.is(number.ok_or(Refusal::NoData)?);
    let mut body = Map::new();
    body.insert("sub".to_owned(), token.pcr.as_str().into());
    body.insert("device_msisdn_verified".to_owned(), verified.into());
    Ok(answer::success(Resource::VerifiedNumber, Envelope::json(&body), false))
}

impl Claimed {
    /// `{"mc_claims":{"device_msisdn":"+447700900907"}}`, or `device_msisdn_hash`; exactly one.
    fn read(document: Option<&[u8]>) -> Result<Self, Refusal> {
        let document = parsed(document.ok_or(Refusal::NumberClaimInvalid)?)?;
        let claims = document.get("mc_claims").and_then(Value::as_object);
        let claims = claims.ok_or(Refusal::NumberClaimInvalid)?;
        let text = |name: &str| claims.get(name).map(|value| value.as_str().unwrap_or_default());
        let claimed = match (text("device_msisdn"), text("device_msisdn_hash")) {
            (Some(number), None) => number_of(number).map(Self::Number),
            (None, Some(hash)) => Digest::from_hex(hash).map(Self::Hash),
            _ => None,
        };
        claimed.ok_or(Refusal::NumberClaimInvalid)
    }

    /// A number in plain text and a hash have scopes of their own; SDKs know each by another name.
    const fn scopes(&self) -> [&'static str; 2] {
        match self {
            Self::Number(_) => ["mc_vm_match", "mc_attr_vm_match"],
            Self::Hash(_) => ["mc_vm_match_hash", "mc_attr_vm_match_hash"],
        }
    }

    /// Whether it is `number`, E.164 with `+`.
    fn is(&self, number: &str) -> bool {
        match self {
            Self::Number(claimed) => number.strip_prefix('+') == Some(claimed.digits()),
            Self::Hash(claimed) => *claimed == Digest::of(number),
        }
    }
}

/// Digits with or without `+`: SDKs strip it.
fn number_of(text: &str) -> Option<Msisdn> {
    Msisdn::from_digits(text.strip_prefix('+').unwrap_or(text)).ok()
}

fn parsed(document: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match strict_json::parse(document) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Refusal::NumberClaimInvalid),
    }
}
