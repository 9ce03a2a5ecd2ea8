//! UserInfo and PremiumInfo: the attributes of a subscriber.

use std::time::Duration;

use axum::response::Response;
use fiador_domain::{
    catalog::Resource,
    kyc::{self, Comparison},
};
use fiador_kernel::Digest;
use fiador_ports::{AttributeRequest, Attribution};
use serde_json::{Map, Value};

use crate::{
    Dependencies, Inner, access::SubscriberAccess, answer, clean::clean, envelope,
    permission::Permission, refusal::Refusal,
};

/// A question to the Data Gateway is worthless after so long (T-204 allows 60 s); its sources have
/// 800 ms each.
const QUESTION_LIFETIME: Duration = Duration::from_secs(10);

const PHONE_NUMBER: &str = "phone_number";

/// The answer of `resource` to a token.
pub(crate) async fn answer(
    inner: &Inner,
    resource: Resource,
    access: &SubscriberAccess,
) -> Result<Response, Refusal> {
    let dependencies = &inner.dependencies;
    inner.admit(resource, &access.token.client, &access.token.scopes)?;
    let permission = Permission::read(dependencies, resource, access).await?;
    // There is nothing else in PremiumInfo: an answer without attributes would look like a
    // subscriber without any.
    if resource == Resource::PremiumInfo && permission.claims.is_empty() {
        return Err(Refusal::NoConsent);
    }
    let wanted = permission.attributes(&inner.settings.kyc);
    let attribution = ask(dependencies, access, wanted).await?;
    let body = body(inner, resource, access, &permission, &attribution);
    let envelope = envelope::wrap(inner, &access.client, body).await?;
    Ok(answer::success(resource, envelope, attribution.partial))
}

/// Asks for `attributes` of the subscriber.
pub(crate) async fn ask(
    dependencies: &Dependencies,
    access: &SubscriberAccess,
    attributes: Vec<&'static str>,
) -> Result<Attribution, Refusal> {
    if attributes.is_empty() {
        return Ok(Attribution::default());
    }
    let question = AttributeRequest {
        subscriber: access.token.subscriber.clone(),
        client: access.token.client.clone(),
        claims: attributes,
        expires_at: dependencies.clock.now() + QUESTION_LIFETIME,
    };
    Ok(dependencies.data_gateway.attributes(question).await?)
}

/// `sub` comes from the token and only claims that were asked for join it, so no source can name
/// another subject or issuer (T-201).
fn body(
    inner: &Inner,
    resource: Resource,
    access: &SubscriberAccess,
    permission: &Permission,
    attribution: &Attribution,
) -> Map<String, Value> {
    let attributes = attribution.attributes.clone().only(&permission.claims);
    let known = attributes.0.into_iter().filter_map(|(name, value)| Some((name, clean(value)?)));
    let mut body: Map<_, _> = known.collect();
    if resource == Resource::UserInfo {
        // Mandatory in UserInfo (mobile-connect §2.9). Where no source tells when the attributes
        // were changed, it is the moment at which the gateway last vouched for the subject.
        body.entry("updated_at").or_insert(access.token.issued_at.as_seconds().into());
        if permission.hashes_number {
            write_number(&mut body, permission, access.client.phone_number_with_plus);
        }
    } else {
        write_number(&mut body, permission, access.client.phone_number_with_plus);
        let comparison = Comparison {
            rules: &inner.settings.kyc,
            covered: &permission.forms,
            known: &attribution.attributes,
            partial: attribution.partial,
        };
        // An attribute that another scope opens stays what the operator knows.
        for (name, value) in kyc::verdicts(permission.requested.to_compare(), comparison) {
            body.entry(name).or_insert(value);
        }
    }
    body.insert("sub".to_owned(), access.token.pcr.as_str().into());
    body
}

/// The number is `447700900907`, as the profile's samples write it, unless the client is registered
/// for the `+`. Its hash is the SHA-256 of just that: clients compare it with that of the digits they
/// put into `login_hint` (mobile-connect §2.9).
fn write_number(body: &mut Map<String, Value>, permission: &Permission, with_plus: bool) {
    let Some(Value::String(number)) = body.get_mut(PHONE_NUMBER) else { return };
    if !with_plus && number.starts_with('+') {
        number.remove(0);
    }
    if permission.hashes_number {
        *number = Digest::of(&*number).to_hex();
    }
}
