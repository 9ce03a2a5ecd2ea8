//! From the sessions to whoever wants to know what became of messages.
//!
//! A session must answer its centre at once, and the listener may be a database: so reports wait in
//! a bounded queue. A report that finds no room is dropped and counted; a login never depends on one.

use std::sync::{Arc, OnceLock};

use fiador_domain::journey::Delivery;
use fiador_kernel::Digest;
use fiador_ports::DeliveryReports;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::measure;

/// Reports that wait at most (T-260).
const WAITING: usize = 10_000;
/// Reports that are told at once.
const PARALLEL: usize = 16;

type Report = (Digest, Delivery);

/// Where sessions drop their reports.
#[derive(Clone, Debug)]
pub(crate) struct Reporter(mpsc::Sender<Report>);

impl Reporter {
    pub(crate) fn report(&self, report: Report) {
        if self.0.try_send(report).is_err() {
            measure::report_dropped();
            tracing::debug!("a delivery report found no room and is dropped");
        }
    }
}

/// Who listens; set once, after the link has begun, because the listener itself needs the link.
#[derive(Clone, Default)]
pub(crate) struct Listener(Arc<OnceLock<Arc<dyn DeliveryReports>>>);

impl Listener {
    pub(crate) fn set(&self, reports: Arc<dyn DeliveryReports>) {
        // Only the first is heard, as `report_to` says.
        let _ = self.0.set(reports);
    }

    async fn tell(&self, (tracking, delivery): Report) {
        if let Some(reports) = self.0.get() {
            reports.report(tracking, delivery).await;
        }
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Listener").field(&self.0.get().is_some()).finish()
    }
}

/// The queue, and the work that empties it until `shutdown`.
pub(crate) fn queue(
    listener: Listener,
    shutdown: CancellationToken,
) -> (Reporter, impl Future<Output = ()> + Send + 'static) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let waiting = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|report| (report, receiver))
    });
    let tell = waiting.take_until(shutdown.cancelled_owned()).for_each_concurrent(
        PARALLEL,
        move |report| {
            let listener = listener.clone();
            async move { listener.tell(report).await }
        },
    );
    (Reporter(sender), tell)
}
