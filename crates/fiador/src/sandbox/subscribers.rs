//! The simulated phones as subscriptions.

use anyhow::ensure;
use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::{Msisdn, SubscriberId};
use fiador_ports::{Subscribers, Vault};
use fiador_sandbox::phones;

/// Adds every phone that is not there yet, and brings the others up to date.
pub async fn add_all(subscribers: &dyn Subscribers, vault: &dyn Vault) -> anyhow::Result<()> {
    for phone in phones() {
        let number = Msisdn::from_digits(phone.msisdn)?;
        let added = subscribers
            .add(Subscriber {
                id: SubscriberId::new(&phone.subscriber_id())?,
                msisdn_index: vault.msisdn_index(&number),
                msisdn_sealed: vault.seal_msisdn(&number),
                status: SubscriberStatus::Active,
                authenticators: phone.authenticators.iter().map(|&a| a.to_owned()).collect(),
                attributes_sealed: vault.seal_attributes(&phone.attributes()),
            })
            .await?;
        ensure!(added, "the database already has another subscriber with a sandbox number");
    }
    Ok(())
}
