//! Who is told what became of messages; set once, after the gateway has begun, because whoever
//! listens often needs the gateway first.

use std::sync::{Arc, OnceLock};

use fiador_domain::journey::Delivery;
use fiador_kernel::Digest;
use fiador_ports::DeliveryReports;

/// The one listener, if there is one.
#[derive(Default)]
pub(crate) struct Listener(OnceLock<Arc<dyn DeliveryReports>>);

impl Listener {
    /// The first caller stays.
    pub(crate) fn set(&self, reports: Arc<dyn DeliveryReports>) {
        let _ = self.0.set(reports);
    }

    pub(crate) async fn tell(&self, tracking: Digest, delivery: Delivery) {
        if let Some(reports) = self.0.get() {
            reports.report(tracking, delivery).await;
        }
    }
}
