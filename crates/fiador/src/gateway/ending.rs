//! How a gateway ends.

use std::sync::Arc;

use fiador_store::Store;
use tokio_util::sync::CancellationToken;

use super::{Deliveries, Running, TextMessages};

/// What stands behind the listeners, in the order in which it ends (T-249).
pub struct Ending {
    /// First: a code that somebody asked for leaves while the links are there.
    pub deliveries: Deliveries,
    /// Tells the links to say goodbye to their message centres.
    pub unlink: CancellationToken,
    /// Then: nobody sends any more.
    pub messages: TextMessages,
    /// Then: upkeep works on the database.
    pub running: Running,
    /// Last: everything before writes to it.
    pub store: Arc<Store>,
}

impl Ending {
    /// Ends everything. Call it when the listeners have drained: requests use all of it.
    pub async fn ended(self) {
        self.deliveries.settled().await;
        self.unlink.cancel();
        self.messages.stopped().await;
        self.running.ended().await;
        self.store.close().await;
    }
}
