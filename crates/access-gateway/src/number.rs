//! Verified number (Verified MSISDN): is this the number that the login came from? (mobile-connect §2.9)

use axum::response::Response;
use fiador_domain::{
    assurance::SEAMLESS,
    catalog::{self, Resource},
};
use fiador_kernel::{Digest, Msisdn, ScopeSet};
use fiador_wire_oauth::number_claim::{NumberClaim, NumberClaimError};
use serde_json::{Map, Value};

use crate::{
    Inner, access::SubscriberAccess, answer, attributes, envelope, permission::Permission,
    presented::Presented, refusal::Refusal,
};

/// The number that a body asks about; at UserInfo any other body asks nothing. A token without a
/// scope of this product asks nothing either, whatever the body says.
pub(crate) fn asked(
    presented: &Presented,
    access: &SubscriberAccess,
) -> Result<Option<NumberClaim>, Refusal> {
    if !catalog::reaches(&access.token.scopes, Resource::VerifiedNumber) {
        return Ok(None);
    }
    let document = presented.document.as_deref();
    Ok(document.map(NumberClaim::parse).transpose()?.flatten())
}

/// Compares. The login must rest on the network's own word: any other proof only shows that the
/// user can read messages to a number, which is not what this product promises (T-172).
pub(crate) async fn answer(
    inner: &Inner,
    claim: Option<NumberClaim>,
    access: &SubscriberAccess,
) -> Result<Response, Refusal> {
    let token = &access.token;
    inner.admit(Resource::VerifiedNumber, &token.client, &token.scopes)?;
    let claim = claim.ok_or(NumberClaimError)?;
    let among = |scopes: &ScopeSet| scopes_of(&claim).iter().any(|scope| scopes.contains(scope));
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
    let verified = is_number(&claim, number.ok_or(Refusal::NoData)?);
    let mut body = Map::new();
    body.insert("sub".to_owned(), token.pcr.as_str().into());
    body.insert("device_msisdn_verified".to_owned(), verified.into());
    let envelope = envelope::wrap(inner, &access.client, body).await?;
    Ok(answer::success(Resource::VerifiedNumber, envelope, false))
}

/// A number in plain text and a hash have scopes of their own; SDKs know each by another name.
const fn scopes_of(claim: &NumberClaim) -> [&'static str; 2] {
    match claim {
        NumberClaim::Number(_) => ["mc_vm_match", "mc_attr_vm_match"],
        NumberClaim::Hash(_) => ["mc_vm_match_hash", "mc_attr_vm_match_hash"],
    }
}

/// Whether the claim is about `number`, E.164 with `+`.
fn is_number(claim: &NumberClaim, number: &str) -> bool {
    match claim {
        NumberClaim::Number(digits) => Msisdn::from_digits(digits)
            .is_ok_and(|claimed| number.strip_prefix('+') == Some(claimed.digits())),
        NumberClaim::Hash(hash) => Digest::from_hex(hash) == Some(Digest::of(number)),
    }
}
