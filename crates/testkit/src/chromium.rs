//! A headless Chromium behind ChromeDriver, for tests that need a real browser.
//!
//! The WebDriver client is the caller's: [`Chromium::capabilities`] is a plain JSON object, so
//! that only crates with browser tests compile one.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::child::LineChild;
use crate::programs;

/// Chromium must keep to itself: on a closed network its background requests are refused by the
/// hundred, and as root it refuses its own sandbox.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A running ChromeDriver; dropping it ends the driver and its browsers.
#[derive(Debug)]
pub struct Chromium {
    driver: LineChild,
    port: u16,
    browser: String,
    profiles: TempDir,
    sessions: AtomicU32,
}

impl Chromium {
    /// Starts ChromeDriver on a free port.
    ///
    /// Fails with the names of the packages to install when there is no browser.
    pub fn start() -> anyhow::Result<Self> {
        let missing = "no Chromium with its driver in PATH; install them (Debian: `apt-get \
             install chromium chromium-driver`, or run `./test --install`)";
        let chromedriver = programs::find("chromedriver", &[]).context(missing)?;
        let browser = programs::find("chromium", &[]).context(missing)?;
        let mut command = Command::new(chromedriver);
        command.arg("--port=0");
        let mut driver = LineChild::spawn(command)?;
        let port = announced_port(&mut driver)?;
        Ok(Self {
            driver,
            port,
            browser: browser.display().to_string(),
            profiles: tempfile::Builder::new().prefix("fiador-chromium-").tempdir()?,
            sessions: AtomicU32::new(0),
        })
    }

    /// The URL that a WebDriver client connects to.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// WebDriver capabilities for a new browser with an empty profile of its own.
    pub fn capabilities(&self) -> Map<String, Value> {
        let session = self.sessions.fetch_add(1, Ordering::Relaxed);
        let profile = self.profiles.path().join(session.to_string());
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let options = json!({ "binary": self.browser, "args": arguments });
        let mut capabilities = Map::new();
        capabilities.insert("browserName".to_owned(), json!("chrome"));
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // ChromeDriver ends its browsers on SIGTERM; killed, it would leave them behind.
        let _ = self.driver.terminate(Duration::from_secs(10));
    }
}

fn announced_port(driver: &mut LineChild) -> anyhow::Result<u16> {
    loop {
        let line = driver.wait_for_line(Duration::from_secs(30))?;
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            return Ok(port.trim_end_matches('.').parse()?);
        }
        if line.contains("ERROR") {
            bail!("ChromeDriver did not start: {line}");
        }
    }
}
