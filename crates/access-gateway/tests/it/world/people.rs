//! Whose number it is.

use async_trait::async_trait;
use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::{Digest, Msisdn, SubscriberId};
use fiador_ports::{NewSubscriber, StoreError, Subscribers, Vault};

use super::Letters;

/// The number of the subscriber.
pub(crate) const NUMBER: &str = "447700900907";
/// The number of a blocked subscription.
pub(crate) const BLOCKED: &str = "447700900908";

/// One who is active and one who is blocked.
pub(crate) struct People;

#[async_trait]
impl Subscribers for People {
    async fn find_by_msisdn(&self, index: Digest) -> Result<Option<Subscriber>, StoreError> {
        let people = [(NUMBER, SubscriberStatus::Active), (BLOCKED, SubscriberStatus::Blocked)];
        let found = people.into_iter().find(|(digits, _)| {
            Letters.msisdn_index(&Msisdn::from_digits(digits).unwrap()) == index
        });
        Ok(found.map(|(_, status)| Subscriber {
            id: SubscriberId::new("subscriber").unwrap(),
            msisdn_index: index,
            msisdn_sealed: Vec::new(),
            status,
            authenticators: Vec::new(),
            attributes_sealed: Vec::new(),
        }))
    }

    async fn lookup(&self, _: &SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(None)
    }

    async fn add(&self, _: NewSubscriber) -> Result<bool, StoreError> {
        Ok(false)
    }
}
