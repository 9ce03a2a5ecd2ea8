//! A web server that shows its page only after a login: Debian's Apache with `mod_auth_openidc`.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::child::LineChild;
use crate::{programs, repository_root};

/// Where Debian puts the module that makes a relying party of the server.
const MODULE: &str = "/usr/lib/apache2/modules/mod_auth_openidc.so";

/// How often a starting server is looked for, every 20 ms.
const TRIES: u32 = 1500;

/// A running server on loopback; dropping it ends it.
#[derive(Debug)]
pub struct Apache {
    server: LineChild,
    port: u16,
    // After the server: its configuration and its page are in there.
    _folder: TempDir,
}

impl Apache {
    /// Starts one on `port`, which is the caller's choice because [`redirect_uri`] must be
    /// registered before there is a `client_id` for the directives. `directives` are what
    /// `auth_openidc.conf` says of the provider and the client, one in a line.
    ///
    /// Fails with the names of the packages to install when they are missing, and with the server's
    /// own words when it does not like a directive.
    pub fn start(port: u16, directives: &str) -> anyhow::Result<Self> {
        let missing = "no Apache with mod_auth_openidc; install them (Debian: `apt-get install \
             apache2-bin libapache2-mod-auth-openidc`, or run `./test --install`)";
        let administration = ["/usr/sbin".into()];
        let program = programs::find("apache2", &administration).context(missing)?;
        if !Path::new(MODULE).is_file() {
            bail!(missing);
        }
        let folder = prepared(directives)?;
        let command = |mode: &str| {
            let mut command = Command::new(&program);
            command.arg(mode);
            command.args(["-C", &format!("Define folder {}", folder.path().display())]);
            command.args(["-C", &format!("Define port {port}")]);
            command.arg("-f").arg(repository_root().join("tests-e2e/peers/apache.conf"));
            command
        };
        programs::run(&mut command("-t"))?;
        // One process in the foreground: nothing stays behind when it is killed.
        let server = LineChild::spawn(command("-X"))?;
        let started = Self { server, port, _folder: folder };
        started.wait_until_it_listens()?;
        Ok(started)
    }

    /// The page that is shown after a login only: elements `sub`, `phone_number` and `acr` hold
    /// these claims, `(none)` where one is missing.
    pub fn page(&self) -> String {
        format!("{}/protected/index.html", base(self.port))
    }

    /// Where the user asks to be logged out here and at the provider (OpenID Connect RP-Initiated
    /// Logout 1.0 §2), to be shown [`signed_out`] at last.
    pub fn logout(&self) -> String {
        // The only reserved characters of that address are these two.
        let target = signed_out(self.port).replace(':', "%3A").replace('/', "%2F");
        format!("{}?logout={target}", redirect_uri(self.port))
    }

    /// What the server has logged, for a failure's message.
    pub fn log(&self) -> String {
        self.server.complaints()
    }

    fn wait_until_it_listens(&self) -> anyhow::Result<()> {
        for _ in 0..TRIES {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("apache2 does not listen on port {}; it said:\n{}", self.port, self.log())
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        // Killed, it would leave its mutexes to the system.
        let _ = self.server.terminate(Duration::from_secs(10));
    }
}

/// The redirect URI of a server on this port.
pub fn redirect_uri(port: u16) -> String {
    format!("{}/protected/callback", base(port))
}

/// Where a server on this port publishes the keys of `OIDCPublicKeyFiles` (`jwks_uri`).
pub fn jwks_uri(port: u16) -> String {
    format!("{}?jwks=rsa", redirect_uri(port))
}

/// The page after a logout, a `post_logout_redirect_uri`.
pub fn signed_out(port: u16) -> String {
    format!("{}/signed-out.html", base(port))
}

fn base(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// A folder with the directives and the pages.
fn prepared(directives: &str) -> anyhow::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("fiador-apache-").tempdir()?;
    let page = fs::read_to_string(repository_root().join("tests-e2e/peers/apache.html"))?;
    let farewell =
        "<!doctype html><html lang=\"en\"><title>Bye</title><h1 id=\"bye\">Signed out</h1>";
    let pages = folder.path().join("pages");
    for shared in [folder.path(), &pages, &pages.join("protected")] {
        fs::create_dir_all(shared)?;
        let_everybody_read(shared, 0o755)?;
    }
    for (name, text) in [
        ("client.conf", directives),
        ("pages/protected/index.html", &page),
        ("pages/signed-out.html", farewell),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, text)?;
        let_everybody_read(&file, 0o644)?;
    }
    Ok(folder)
}

/// Started by root, the server reads as another user.
fn let_everybody_read(path: &Path, mode: u32) -> std::io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}
