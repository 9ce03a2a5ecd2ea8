//! Where the PostgreSQL programs are, and as whom they may run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::programs;

const INSTALL: &str = "PostgreSQL's server programs were not found in PATH nor under \
     /usr/lib/postgresql/*/bin; install them (Debian: `apt-get install postgresql`, or run \
     `./test --install`)";

/// The programs of one PostgreSQL version and the account that runs them.
#[derive(Debug, Clone)]
pub(super) struct Installation {
    binaries: PathBuf,
    account: Account,
}

#[derive(Debug, Clone)]
enum Account {
    /// The tests run as an ordinary user: so does the server.
    Current,
    /// The tests run as root, which `initdb` refuses: the server runs as `postgres`.
    Postgres { uid: u32, gid: u32 },
}

impl Installation {
    /// Finds the newest installed version.
    pub(super) fn locate() -> anyhow::Result<Self> {
        let initdb = programs::find("initdb", &packaged_folders()).context(INSTALL)?;
        // Debian keeps all programs of one version in one folder; a link in PATH leads there.
        let initdb = initdb.canonicalize()?;
        let binaries = initdb.parent().context(INSTALL)?.to_path_buf();
        Ok(Self { binaries, account: Account::detect()? })
    }

    /// A command for one of PostgreSQL's programs, run as the right account.
    pub(super) fn program(&self, name: &str) -> Command {
        self.as_account(self.binaries.join(name).as_ref())
    }

    /// A shell running `script` as the right account.
    pub(super) fn shell(&self, script: &str) -> Command {
        let mut command = self.as_account(Path::new("/bin/sh"));
        command.args(["-c", script, "sh"]).arg(self.binaries.join("postgres"));
        command
    }

    /// Gives a folder to the account, so that the server can keep its data there.
    pub(super) fn hand_over(&self, folder: &Path) -> std::io::Result<()> {
        match self.account {
            Account::Current => Ok(()),
            Account::Postgres { uid, gid } => {
                std::os::unix::fs::chown(folder, Some(uid), Some(gid))
            }
        }
    }

    fn as_account(&self, program: &Path) -> Command {
        let mut command = match self.account {
            Account::Current => Command::new(program),
            Account::Postgres { uid, gid } => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}"));
                command.arg("--clear-groups").arg(program);
                command
            }
        };
        // The account may not be allowed to enter the folder the tests run in.
        command.current_dir("/");
        command
    }
}

impl Account {
    fn detect() -> anyhow::Result<Self> {
        if id(&["-u"])? != 0 {
            return Ok(Self::Current);
        }
        let missing = "tests run as root, PostgreSQL does not, and there is no user `postgres`; \
             the Debian package `postgresql` creates it";
        let uid = id(&["-u", "postgres"]).context(missing)?;
        let gid = id(&["-g", "postgres"]).context(missing)?;
        Ok(Self::Postgres { uid, gid })
    }
}

fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    Ok(programs::run(Command::new("id").args(arguments))?.parse()?)
}

/// Debian's folders, newest version first.
fn packaged_folders() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    numbered.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    numbered.into_iter().map(|(_, folder)| folder).collect()
}
