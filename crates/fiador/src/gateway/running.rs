//! Everything that runs beside the listeners, and how it ends.

use std::{sync::Arc, time::Duration};

use fiador_kernel::Clock;
use fiador_ports::Maintenance;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Gateway, Parts};

/// The reaper looks for expired rows this often.
const REAP_EVERY: Duration = Duration::from_secs(30);

/// The folder of logos is looked at this often.
const FOLLOW_LOGOS_EVERY: Duration = Duration::from_secs(10);

/// Metrics are tidied this often.
const TIDY_METRICS_EVERY: Duration = Duration::from_secs(5);

/// Background tasks that end with the gateway.
pub struct Running {
    /// Cancelled when the gateway stops.
    stop: CancellationToken,
    /// Waits for the tasks.
    tasks: TaskTracker,
}

impl Running {
    /// Begins what every gateway needs: keys are kept current, what has expired is removed, and
    /// what other nodes have created, removed and registered is learned; sectors are asked whether
    /// they know the configured applications; routing does what is due by itself.
    pub fn of(parts: &Parts, gateway: &Gateway, stop: CancellationToken) -> Self {
        let running = Self { stop, tasks: TaskTracker::new() };
        let keys = parts.keys.clone();
        running.until_stopped(async move { keys.keep_current().await });
        let (routing, shutdown) = (gateway.routing.clone(), running.stop.clone());
        running.tasks.spawn(async move { routing.run(shutdown).await });
        let (streams, draining) = (gateway.event_streams.clone(), running.stop.clone());
        let keycloak = gateway.keycloak.clone();
        running.tasks.spawn(async move {
            draining.cancelled().await;
            streams.close();
            keycloak.close();
        });
        running.reaper(parts.store.clone(), parts.clock.clone());
        let applications = parts.applications.clone();
        running.until_stopped(async move { applications.keep_current().await });
        let (applications, fetch) = (parts.applications.clone(), parts.fetch.clone());
        running.until_stopped(async move { applications.check_sectors(&*fetch).await });
        let operator_keys = parts.operator_keys.clone();
        running.until_stopped(async move { operator_keys.keep_current().await });
        let brands = parts.pages.brands().clone();
        running.until_stopped(brands.follow(FOLLOW_LOGOS_EVERY));
        running
    }

    /// Keeps the metrics recorder small: histograms grow until somebody scrapes or this runs.
    pub fn tidy_metrics(&self, metrics: PrometheusHandle) {
        self.until_stopped(async move {
            loop {
                tokio::time::sleep(TIDY_METRICS_EVERY).await;
                metrics.run_upkeep();
            }
        });
    }

    /// Waits until all tasks have ended.
    pub async fn ended(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn until_stopped(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = task => {}
            }
        });
    }

    /// Unlike the others, a round is not cut off in its middle.
    fn reaper(&self, maintenance: Arc<dyn Maintenance>, clock: Arc<dyn Clock>) {
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
