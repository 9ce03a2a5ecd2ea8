//! The first source: the gateway's own table of subscribers.

use std::sync::Arc;

use async_trait::async_trait;
use fiador_domain::{
    attribute::ATTRIBUTES,
    subscriber::{Attributes, Subscriber, SubscriberStatus},
};
use fiador_kernel::SubscriberId;
use fiador_ports::{AttributeSource, SourceError, Subscribers, Vault};
use serde_json::Value;

/// Claims that come from the number of the subscription, not from its stored attributes.
const PHONE_NUMBER: &str = "phone_number";
const PHONE_NUMBER_VERIFIED: &str = "phone_number_verified";

/// Attributes stored beside the subscription, and the number itself.
///
/// `phone_number` is always the number under the personal-data key, as E.164 with `+`, and it is
/// verified by nature: the operator assigned it. A suspended subscription looks like one that does
/// not exist (T-048, T-206).
pub struct SubscriberTable {
    subscribers: Arc<dyn Subscribers>,
    vault: Arc<dyn Vault>,
    claims: Vec<&'static str>,
}

impl SubscriberTable {
    /// A source that offers every attribute there is.
    pub fn new(subscribers: Arc<dyn Subscribers>, vault: Arc<dyn Vault>) -> Self {
        let claims = ATTRIBUTES.iter().map(|(name, _)| *name).collect();
        Self { subscribers, vault, claims }
    }

    fn attributes(
        &self,
        subscriber: &Subscriber,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        let mut attributes = self.stored(subscriber, claims)?;
        // The stored text of a number is never believed over the number.
        attributes.0.remove(PHONE_NUMBER);
        attributes.0.remove(PHONE_NUMBER_VERIFIED);
        if claims.contains(&PHONE_NUMBER) {
            let number = self.vault.open_msisdn(&subscriber.msisdn_sealed);
            let number = number.ok_or_else(|| damaged(subscriber))?;
            let text = format!("+{}", number.digits());
            attributes.0.insert(PHONE_NUMBER.to_owned(), Value::from(text));
        }
        if claims.contains(&PHONE_NUMBER_VERIFIED) {
            attributes.0.insert(PHONE_NUMBER_VERIFIED.to_owned(), Value::from(true));
        }
        Ok(attributes)
    }

    /// Opened only when something in it is asked for.
    fn stored(
        &self,
        subscriber: &Subscriber,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        let of_the_number = |claim: &&str| [PHONE_NUMBER, PHONE_NUMBER_VERIFIED].contains(claim);
        if subscriber.attributes_sealed.is_empty() || claims.iter().all(of_the_number) {
            return Ok(Attributes::default());
        }
        let attributes = self.vault.open_attributes(&subscriber.attributes_sealed);
        Ok(attributes.ok_or_else(|| damaged(subscriber))?.only(claims))
    }
}

#[async_trait]
impl AttributeSource for SubscriberTable {
    fn name(&self) -> &'static str {
        "subscriber_table"
    }

    fn claims(&self) -> &[&'static str] {
        &self.claims
    }

    async fn fetch(
        &self,
        subscriber: &SubscriberId,
        claims: &[&'static str],
    ) -> Result<Attributes, SourceError> {
        let found = self.subscribers.lookup(subscriber).await?;
        let active = found.filter(|found| found.status == SubscriberStatus::Active);
        self.attributes(&active.ok_or(SourceError::UnknownSubscriber)?, claims)
    }
}

fn damaged(subscriber: &Subscriber) -> SourceError {
    tracing::error!(
        subscriber = subscriber.id.as_str(),
        "Personal data of a subscriber cannot be opened: the key is not the one it was sealed \
         with, or the row is damaged. Check that every node has the right root key."
    );
    SourceError::Failed
}
