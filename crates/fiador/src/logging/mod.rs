//! Logs go to standard error; standard output belongs to the machine contract.

mod json;
mod lines;
mod text;

use std::{
    io,
    sync::{Arc, OnceLock},
};

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{LogFormat, LogSection};
use json::JsonLine;
use lines::{LineWriter, Lines};
use text::TextFields;

/// The lines of this process.
static LINES: OnceLock<Arc<Lines>> = OnceLock::new();

/// Starts logging for the whole process. Whoever ends the process calls [`flush`] before.
pub fn start(section: &LogSection) -> anyhow::Result<()> {
    let registry = tracing_subscriber::registry().with(filter(section)?);
    let lines = Lines::start(io::stderr()).context("cannot start the thread that writes logs")?;
    let writer = LineWriter::new(Arc::clone(&lines));
    match section.format {
        LogFormat::Json => registry
            .with(fmt::layer().event_format(JsonLine).with_writer(move || writer.clone()))
            .try_init(),
        LogFormat::Text => registry
            .with(fmt::layer().fmt_fields(TextFields::new()).with_writer(move || writer.clone()))
            .try_init(),
    }
    .context("logging was started twice")?;
    let _ = LINES.set(lines);
    flush_before_panics();
    Ok(())
}

/// What is logged.
pub fn filter(section: &LogSection) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&section.filter)
        .with_context(|| format!("log.filter `{}` is not a filter", section.filter))
}

/// Returns when every line that was logged so far has been written.
pub fn flush() {
    if let Some(lines) = LINES.get() {
        lines.flush();
    }
}

/// What led to a panic stands before its message, also when the process does not outlive it.
fn flush_before_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        flush();
        report(panic);
    }));
}
