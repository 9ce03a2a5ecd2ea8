//! The binary as a command.

use std::process::Command;

use fiador_testkit::process::Gateway;

use super::BINARY;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `fiador` with these arguments to its end.
pub(crate) fn fiador(arguments: &[&str]) -> Outcome {
    let output = Command::new(BINARY).args(arguments).output().unwrap();
    Outcome {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Outcome {
    /// The standard output of a command that succeeded.
    pub(crate) fn succeeded(self) -> String {
        assert_eq!(self.status, 0, "{self:?}");
        self.stdout
    }

    /// The complaint of a command that failed.
    pub(crate) fn failed(self) -> String {
        assert_eq!(self.status, 1, "{self:?}");
        self.stderr
    }
}

/// Starts `fiador` with these arguments and waits until it serves; again, when a busy machine took
/// longer than the deadline of the database.
pub(crate) fn start_gateway(arguments: &[&str]) -> Gateway {
    for _ in 0..4 {
        match Gateway::start(BINARY, arguments) {
            Err(error) if error.to_string().contains("the database is not available") => {}
            started => return started.unwrap(),
        }
    }
    Gateway::start(BINARY, arguments).unwrap()
}
