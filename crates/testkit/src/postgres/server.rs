//! One temporary server: its folder, its port, its life.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tempfile::TempDir;

use super::database::Database;
use super::installation::Installation;
use crate::programs;

/// Runs the server until a line or the end of the pipe arrives on standard input, then stops it.
/// `crash` loses what was not written, as a power cut would; anything else ends orderly. The
/// folder goes away only when the pipe closed without a word: then nobody is left to ask for it.
const KEEPER: &str = r#"
"$@" >"$FIADOR_FOLDER/log" 2>&1 </dev/null & server=$!
read -r word
case "$word" in
  crash) kill -QUIT $server ;;
  *) kill -INT $server ;;
esac
wait $server
[ -n "$word" ] || rm -rf "$FIADOR_FOLDER"
"#;

/// A temporary PostgreSQL server on 127.0.0.1 and on a Unix socket, with `fsync` off.
///
/// Most tests want [`Server::shared`]. A test that stops or crashes its server starts its own.
#[derive(Debug)]
pub struct Server {
    installation: Installation,
    folder: TempDir,
    port: u16,
    databases: AtomicU32,
    keeper: Option<Keeper>,
}

#[derive(Debug)]
struct Keeper {
    process: Child,
    pipe: ChildStdin,
}

impl Server {
    /// The server of this test process, started at the first call (about two seconds) and stopped
    /// when the process ends.
    pub fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceLock<Result<Server, String>> = OnceLock::new();
        let server = SHARED.get_or_init(|| Self::start().map_err(|error| format!("{error:#}")));
        server.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// Starts a server for one test alone; it stops when the value is dropped.
    ///
    /// Fails with the name of the package to install when there is no PostgreSQL.
    pub fn start() -> anyhow::Result<Self> {
        let installation = Installation::locate()?;
        let folder = tempfile::Builder::new().prefix("fiador-pg-").tempdir()?;
        installation.hand_over(folder.path())?;
        let mut initdb = installation.program("initdb");
        initdb.args(["--no-sync", "--auth=trust", "--username=fiador", "--encoding=UTF8"]);
        // Text sorts by code point, as it does in SQLite.
        initdb.arg("--locale=C").arg("--pgdata").arg(folder.path().join("data"));
        programs::run(&mut initdb)?;

        let databases = AtomicU32::new(0);
        let mut server = Self { installation, folder, port: 0, databases, keeper: None };
        // Another process may take the port between finding it free and binding it.
        let mut attempt = Ok(());
        for _ in 0..5 {
            server.port = crate::free_port()?;
            attempt = server.start_again();
            if attempt.is_ok() {
                break;
            }
        }
        attempt.map(|()| server)
    }

    /// Creates a new, empty database; it is dropped together with the returned value.
    ///
    /// A server of a test of its own must outlive its databases.
    pub fn database(&self) -> anyhow::Result<Database> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        programs::run(self.client("createdb").arg("--template=template0").arg(&name))?;
        let url = format!("postgres://fiador@127.0.0.1:{}/{name}", self.port);
        Ok(Database::new(url, name, self.client("dropdb")))
    }

    /// Stops the server in an orderly way, keeping its data for [`Server::start_again`].
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.send_home("stop")
    }

    /// Ends the server at once, without a checkpoint; the next start recovers from its log.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        self.send_home("crash")
    }

    /// Starts a stopped server on the same port with the same data.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        if self.keeper.is_some() {
            return Ok(());
        }
        self.forget_log()?;
        let keeper = self.spawn_keeper()?;
        // Up to a minute: a recovery on a busy machine takes a while.
        for _ in 0..600 {
            if self.answers()? {
                self.keeper = Some(keeper);
                return Ok(());
            }
            if self.has_ended() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        keeper.dismiss("stop")?;
        bail!("PostgreSQL did not start; its log says:\n{}", self.log())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    fn spawn_keeper(&self) -> anyhow::Result<Keeper> {
        let socket_folder = self.folder.path().display();
        let mut command = self.installation.shell(KEEPER);
        command.arg("-D").arg(self.folder.path().join("data"));
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", self.port),
            format!("unix_socket_directories={socket_folder}"),
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
            "max_connections=300".to_owned(),
            "shared_buffers=64MB".to_owned(),
        ] {
            command.arg("-c").arg(setting);
        }
        command.env("FIADOR_FOLDER", self.folder.path()).stdin(Stdio::piped());
        // An interrupt typed at the terminal reaches the tests only; the pipe tells the keeper.
        command.process_group(0);
        let mut process = command.spawn().context("cannot start PostgreSQL")?;
        let pipe = process.stdin.take().context("the keeper has no standard input")?;
        Ok(Keeper { process, pipe })
    }

    /// Asks on the socket in our own folder: on the port another server might answer.
    fn answers(&self) -> anyhow::Result<bool> {
        let mut command = self.installation.program("pg_isready");
        command.arg("--quiet").arg("--host").arg(self.folder.path());
        Ok(command.arg(format!("--port={}", self.port)).status()?.success())
    }

    /// Whether the server gave up, as it does when another program took its port.
    fn has_ended(&self) -> bool {
        self.log().contains("database system is shut down")
    }

    /// The log of the life before tells how that one ended; read once more, it would be believed
    /// of the new one before that has written a line.
    fn forget_log(&self) -> anyhow::Result<()> {
        match std::fs::remove_file(self.log_file()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn client(&self, program: &str) -> Command {
        let mut command = self.installation.program(program);
        command.args(["--host=127.0.0.1", "--username=fiador"]);
        command.arg(format!("--port={}", self.port));
        command
    }

    fn send_home(&mut self, word: &str) -> anyhow::Result<()> {
        match self.keeper.take() {
            Some(keeper) => keeper.dismiss(word),
            None => Ok(()),
        }
    }
}

impl Keeper {
    fn dismiss(mut self, word: &str) -> anyhow::Result<()> {
        writeln!(self.pipe, "{word}")?;
        drop(self.pipe);
        self.process.wait().context("the keeper of PostgreSQL did not end")?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing useful can be done about an error here: the pipe closes in any case.
        let _ = self.send_home("stop");
    }
}
