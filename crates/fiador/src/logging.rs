//! Logs go to standard error; standard output belongs to the machine contract.

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{LogFormat, LogSection};

/// Starts logging for the whole process.
pub fn start(section: &LogSection) -> anyhow::Result<()> {
    let registry = tracing_subscriber::registry().with(filter(section)?);
    match section.format {
        LogFormat::Json => registry
            .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
        LogFormat::Text => registry.with(fmt::layer().with_writer(std::io::stderr)).try_init(),
    }
    .context("logging was started twice")
}

/// What is logged.
pub fn filter(section: &LogSection) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&section.filter)
        .with_context(|| format!("log.filter `{}` is not a filter", section.filter))
}
