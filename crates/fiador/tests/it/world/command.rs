//! Commands of the binary that end by themselves.

use std::process::Command;

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
