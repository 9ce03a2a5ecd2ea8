//! Start with existing keys and database, and memory before anybody comes.

use std::path::Path;
use std::time::Duration;

use super::figures::Startup;
use super::gateway::Gateway;
use super::operator::Operator;

/// Starts measured; the median counts.
const STARTS: usize = 5;
/// What is loaded lazily is loaded by then.
const SETTLED: Duration = Duration::from_secs(3);

/// Starts the gateway several times; the database of `operator` must exist and nobody hold it.
pub(super) async fn measure(root: &Path, operator: &Operator) -> anyhow::Result<Startup> {
    let mut ready_after = Vec::new();
    let mut idle = None;
    for _ in 0..STARTS {
        let gateway = Gateway::start(root, operator)?;
        ready_after.push(gateway.ready_after);
        if idle.is_none() {
            tokio::time::sleep(SETTLED).await;
            idle = Some(gateway.memory()?);
        }
        gateway.stop()?;
    }
    ready_after.sort_unstable();
    Ok(Startup { ready_after, idle })
}
