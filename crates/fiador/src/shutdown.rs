//! From SIGTERM to the last answer.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::logging;

/// Cancels `stop` at SIGTERM or SIGINT: listeners close their ports and drain, background tasks
/// end. A second signal ends the process at once.
pub fn on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        let mut asked = async || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        asked().await;
        tracing::info!("stopping: no new connections, requests under way are finished");
        stop.cancel();
        asked().await;
        tracing::warn!("asked twice: requests under way are cut");
        logging::flush();
        std::process::exit(1);
    });
    Ok(())
}
