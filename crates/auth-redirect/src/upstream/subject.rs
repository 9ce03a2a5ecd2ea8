//! Whether the provider's user is our subscriber.

use fiador_kernel::Msisdn;
use fiador_ports::{Challenge, StoreError};
use serde_json::{Map, Value};

use super::{SubjectBinding, UpstreamProvider};

impl UpstreamProvider {
    /// The claim that must be there.
    pub(super) fn binding_claim(&self) -> &str {
        match &self.settings.subject {
            SubjectBinding::Number { claim } | SubjectBinding::Attribute { claim, .. } => claim,
        }
    }

    /// Whether `claims` are about the subscriber. A number that nobody has is nobody's (T-048).
    pub(super) async fn is_subscriber(
        &self,
        challenge: &Challenge<'_>,
        claims: &Map<String, Value>,
    ) -> Result<bool, StoreError> {
        let Some(id) = &challenge.subject.subscriber else { return Ok(false) };
        let Some(subscriber) = self.ports.subscribers.lookup(id).await? else { return Ok(false) };
        let vault = &self.ports.vault;
        Ok(match &self.settings.subject {
            SubjectBinding::Number { claim } => {
                let own = vault.open_msisdn(&subscriber.msisdn_sealed);
                own.is_some() && number_in(claims, claim) == own
            }
            SubjectBinding::Attribute { claim, attribute } => {
                let attributes = vault.open_attributes(&subscriber.attributes_sealed);
                let stored = attributes.and_then(|all| all.0.get(attribute).cloned());
                let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
                stored.filter(is_text).as_ref() == claims.get(claim).filter(|value| is_text(value))
                    && claims.get(claim).is_some_and(is_text)
            }
        })
    }
}

/// A number in E.164, and verified where the standard claim can say so.
fn number_in(claims: &Map<String, Value>, claim: &str) -> Option<Msisdn> {
    let is_standard = claim == "phone_number";
    if is_standard && claims.get("phone_number_verified") != Some(&Value::Bool(true)) {
        return None;
    }
    let text = claims.get(claim)?.as_str()?;
    if !text.starts_with('+') || text.len() > 32 {
        return None;
    }
    Msisdn::parse(text, None).ok()
}
