//! A message gateway behind HTTP: Debian's Kannel.
//!
//! Two of its programs run on loopback. `bearerbox` is bound to a message centre over SMPP, such as
//! [`super::MessageCentre`]; `smsbox` takes messages by `sendsms` and calls a `dlr-url` for receipts.
//! Debian's service of the same name is neither needed nor touched.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::child::LineChild;
use crate::programs;

/// The user that [`Kannel::sendsms`] knows.
pub const USER: &str = "fiador";
/// Its password.
pub const PASSWORD: &str = "gateway-password";

/// How often a starting program is looked for, every 20 ms.
const TRIES: u32 = 1500;

/// A running gateway on loopback; dropping it ends it.
#[derive(Debug)]
pub struct Kannel {
    // Before the program that it is a client of.
    smsbox: LineChild,
    bearerbox: LineChild,
    sendsms_port: u16,
    _folder: TempDir,
}

impl Kannel {
    /// Starts one that hands its messages to the message centre at `centre`, with the credentials of
    /// [`super::Behaviour`]. The centre tells when it is bound.
    ///
    /// Fails with the name of the package to install when it is missing.
    pub fn start(centre: SocketAddr) -> anyhow::Result<Self> {
        let (bearerbox, smsbox) = (program("bearerbox")?, program("smsbox")?);
        let folder = tempfile::Builder::new().prefix("fiador-kannel-").tempdir()?;
        let [admin, boxes, sendsms] =
            [crate::free_port()?, crate::free_port()?, crate::free_port()?];
        let file = folder.path().join("kannel.conf");
        fs::write(&file, configuration(admin, boxes, sendsms, centre))?;
        // Each waits for the one before it: a box that finds no bearerbox gives up.
        let bearerbox = started(&bearerbox, &file, boxes)?;
        let smsbox = started(&smsbox, &file, sendsms)?;
        Ok(Self { smsbox, bearerbox, sendsms_port: sendsms, _folder: folder })
    }

    /// Where messages are handed over.
    pub fn sendsms(&self) -> String {
        format!("http://127.0.0.1:{}/cgi-bin/sendsms", self.sendsms_port)
    }

    /// What both programs have logged, for a failure's message.
    pub fn log(&self) -> String {
        format!("{}\n{}", self.bearerbox.complaints(), self.smsbox.complaints())
    }
}

fn program(name: &str) -> anyhow::Result<PathBuf> {
    programs::find(name, &["/usr/sbin".into()]).with_context(|| {
        format!(
            "no {name}; install Kannel (Debian: `apt-get install kannel`, or run `./test --install`)"
        )
    })
}

/// Runs a program until it listens on `port`.
fn started(program: &Path, configuration: &Path, port: u16) -> anyhow::Result<LineChild> {
    let mut command = Command::new(program);
    command.arg(configuration);
    let child = LineChild::spawn(command)?;
    for _ in 0..TRIES {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(child);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("{} does not listen on port {port}; it said:\n{}", program.display(), child.complaints())
}

fn configuration(admin: u16, boxes: u16, sendsms: u16, centre: SocketAddr) -> String {
    let (host, port) = (centre.ip(), centre.port());
    format!(
        "group = core\n\
         admin-port = {admin}\n\
         admin-password = {PASSWORD}\n\
         admin-allow-ip = 127.0.0.1\n\
         smsbox-port = {boxes}\n\
         box-allow-ip = 127.0.0.1\n\
         dlr-storage = internal\n\
         log-level = 1\n\
         \n\
         group = smsc\n\
         smsc = smpp\n\
         smsc-id = peer\n\
         host = {host}\n\
         port = {port}\n\
         smsc-username = fiador\n\
         smsc-password = secret\n\
         system-type = \"\"\n\
         transceiver-mode = true\n\
         reconnect-delay = 1\n\
         \n\
         group = smsbox\n\
         bearerbox-host = 127.0.0.1\n\
         sendsms-port = {sendsms}\n\
         \n\
         group = sendsms-user\n\
         username = {USER}\n\
         password = {PASSWORD}\n\
         concatenation = true\n\
         max-messages = 10\n"
    )
}
