//! Whether the sectors of configured applications know their members (OpenID Connect Core §8.1).
//!
//! The admin API asks before it creates an application. A configuration is there before anything can
//! be asked, so it is asked about in the background: a site that is away neither holds up the start
//! nor locks anybody out, and an application that its sector does not list is locked out.

use std::{sync::Arc, time::Duration};

use fiador_domain::client::Client;
use fiador_egress::{SectorListError, check_sector_list};
use fiador_ports::Fetch;

use super::KnownApplications;

/// A site that did not answer is asked again after so long.
const ASK_AGAIN_AFTER: Duration = Duration::from_mins(10);

impl KnownApplications {
    /// Reads what is behind each `sector_identifier_uri` of the configuration, until every one has
    /// been read. An outage is told once.
    pub async fn check_sectors(&self, fetch: &dyn Fetch) {
        let mut unread = self.ask_sectors(fetch, self.members_of_lists(), true).await;
        while !unread.is_empty() {
            tokio::time::sleep(ASK_AGAIN_AFTER).await;
            unread = self.ask_sectors(fetch, unread, false).await;
        }
    }

    /// The configured ones that a list should hold.
    pub(super) fn members_of_lists(&self) -> Vec<Arc<Client>> {
        let members = self.configured.clients();
        members.filter(|client| client.sector_identifier_uri.is_some()).cloned().collect()
    }

    /// Asks for each client once; gives those whose list could not be read.
    pub(super) async fn ask_sectors(
        &self,
        fetch: &dyn Fetch,
        clients: Vec<Arc<Client>>,
        tells_outages: bool,
    ) -> Vec<Arc<Client>> {
        let mut unread = Vec::new();
        for client in clients {
            let id = &client.id;
            match check_sector_list(fetch, &client).await {
                Ok(()) => {}
                Err(error @ (SectorListError::NotAList | SectorListError::NotListed(_))) => {
                    tracing::error!(
                        client_id = %id, %error,
                        "an application is locked out: its sector does not know it; correct the \
                         list or [[clients]], and start again"
                    );
                    self.lock_out(&client).await;
                }
                Err(error) => {
                    if tells_outages {
                        tracing::warn!(
                            client_id = %id, %error,
                            "the list of a sector cannot be read; believing [[clients]] and trying on"
                        );
                    }
                    unread.push(client);
                }
            }
        }
        unread
    }

    async fn lock_out(&self, client: &Client) {
        let mut sources = self.sources.lock().await;
        sources.unlisted.insert(client.id.clone());
        self.publish(&sources);
    }
}
