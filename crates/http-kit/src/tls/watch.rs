//! Noticing that the certificate files were replaced.

use std::{fs, path::Path, sync::Arc, time::Duration, time::SystemTime};

use tokio::time::{MissedTickBehavior, interval};

use super::ReloadableCertificate;

/// What tells one state of a file from another; `None` when it cannot be read.
type FileState = Option<(SystemTime, u64)>;

impl ReloadableCertificate {
    /// Looks at the files every `period` and reloads them when they changed; runs until dropped.
    ///
    /// Polling, because replacements come by rename, symbolic link or remount, which notification
    /// interfaces miss. A broken pair (also one caught half-way through being replaced) is logged,
    /// the old one stays, and the files are tried again every period.
    pub async fn watch(self: Arc<Self>, period: Duration) {
        let mut loaded = self.states();
        let mut ticks = interval(period.max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = self.states();
            if now == loaded {
                continue;
            }
            match self.reload() {
                Ok(()) => {
                    loaded = now;
                    tracing::info!("TLS certificate replaced");
                }
                Err(error) => tracing::error!(
                    %error, "new TLS certificate cannot be used; the old one stays"
                ),
            }
        }
    }

    fn states(&self) -> [FileState; 2] {
        [&self.files.chain, &self.files.key].map(|path| state(path))
    }
}

fn state(path: &Path) -> FileState {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
