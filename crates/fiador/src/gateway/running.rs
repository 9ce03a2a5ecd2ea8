//! Everything that runs beside the listeners, and how it ends.

use std::{sync::Arc, time::Duration};

use fiador_kernel::Clock;
use fiador_keys::{KeyRing, OperatorKeyRing};
use fiador_ports::Maintenance;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::applications::KnownApplications;

/// The reaper looks for expired rows this often.
const REAP_EVERY: Duration = Duration::from_secs(30);

/// Metrics are tidied this often.
const TIDY_METRICS_EVERY: Duration = Duration::from_secs(5);

/// Background tasks that end with the gateway.
pub struct Running {
    /// Cancelled when the gateway stops.
    pub stop: CancellationToken,
    /// Waits for the tasks.
    pub tasks: TaskTracker,
}

impl Running {
    /// Nothing runs yet.
    pub fn new(stop: CancellationToken) -> Self {
        Self { stop, tasks: TaskTracker::new() }
    }

    /// Keeps keys current and removes what has expired.
    pub fn upkeep(
        &self,
        keys: Arc<KeyRing>,
        maintenance: Arc<dyn Maintenance>,
        clock: Arc<dyn Clock>,
    ) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = keys.keep_current() => {}
            }
        });
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(REAP_EVERY) => {}
                }
                reap(&*maintenance, &*clock, &stop).await;
            }
        });
    }

    /// Learns of applications that other nodes have created or removed.
    pub fn follow_applications(&self, applications: Arc<KnownApplications>) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = applications.keep_current() => {}
            }
        });
    }

    /// Learns of keys that operators have registered at other nodes.
    pub fn follow_operator_keys(&self, keys: Arc<OperatorKeyRing>) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = keys.keep_current() => {}
            }
        });
    }

    /// Keeps the metrics recorder small: histograms grow until somebody scrapes or this runs.
    pub fn tidy_metrics(&self, metrics: PrometheusHandle) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(TIDY_METRICS_EVERY) => metrics.run_upkeep(),
                }
            }
        });
    }

    /// Waits until all tasks have ended.
    pub async fn ended(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Rounds until nothing is left, or until the end: what remains is the next process's.
async fn reap(maintenance: &dyn Maintenance, clock: &dyn Clock, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        match maintenance.reap(clock.now()).await {
            Ok(reaped) if reaped.more => tokio::task::yield_now().await,
            Ok(reaped) => {
                if reaped.rows > 0 {
                    tracing::debug!(rows = reaped.rows, "removed expired rows");
                }
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "expired rows were not removed; trying again later");
                return;
            }
        }
    }
}
