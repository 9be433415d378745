//! What a judge said: its exit code and words, with the line that was run so that it can be pasted.

use std::process::Command;

/// The answer of one run.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The line that was run.
    pub line: String,
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// All it printed to standard output (bytes that are no UTF-8 are replaced).
    pub stdout: String,
    /// All it printed to standard error (likewise).
    pub stderr: String,
}

impl Verdict {
    /// Runs the command to its end and keeps its words. Panics if it cannot be started.
    pub fn of(command: &mut Command) -> Self {
        let line = format!("{command:?}");
        let output = command.output().unwrap_or_else(|error| panic!("cannot run {line}: {error}"));
        Self {
            line,
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The verdict itself if the judge accepted (exit 0); panics with its words if not.
    #[track_caller]
    pub fn accepted(self) -> Self {
        assert!(self.code == 0, "refused, but should be accepted:\n{}", self.told());
        self
    }

    /// The verdict itself if the judge refused (any other exit); panics with its words if not.
    #[track_caller]
    pub fn refused(self) -> Self {
        assert!(self.code != 0, "accepted, but should be refused:\n{}", self.told());
        self
    }

    /// The line, the exit code and both streams, for a message.
    pub fn told(&self) -> String {
        format!("{}\nexit code {}\n{}{}", self.line, self.code, self.stdout, self.stderr)
    }
}
