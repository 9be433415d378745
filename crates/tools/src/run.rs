//! Runs one command to its end: a fixed environment, no input, bounded memory, no orphans.
//!
//! On Unix the command joins the process group of a watching shell, which has a pipe to us and
//! kills its group when the pipe closes: when the command has ended, when this function returns
//! early, and when we are killed. (The kernel's parent-death signal would need `unsafe` code and
//! reaches only the first child, not a compiler's compilers.) On Windows we only wait for the
//! child.

mod collect;
mod group;
mod reason;
mod secrets;
mod shown;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use model::{Diagnostic, Invocation};

use crate::codes;
use crate::environment::{child_env, engine_env};
use crate::logs::Logs;
use collect::{Collected, Message, read_lines};
use group::ProcessGroup;

/// How to run.
#[derive(Default)]
pub struct RunOptions<'a> {
    /// Whether the command downloads: then it gets proxy, certificate and index variables.
    pub network: bool,
    /// Whether it is the client of a container engine: then it gets the engine's variables.
    pub engine: bool,
    /// Called with every line of both streams as it is printed, without secrets.
    pub log: Option<&'a mut dyn FnMut(Line<'_>)>,
    /// Where all that it prints is kept.
    pub logs: Option<&'a Logs>,
    /// Variables for the child only. They are never shown, also where the child prints them.
    pub secrets: &'a [(&'a str, &'a str)],
}

/// A line that a command printed, without the line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Where it was printed.
    pub stream: Stream,
    /// Its text; bytes that are not UTF-8 are replaced.
    pub text: &'a str,
}

/// One of a command's two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// The output of a command that succeeded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// All of standard output.
    pub stdout: Vec<u8>,
    /// The end of standard error, at most 64 KiB.
    pub stderr: String,
}

/// Why a command failed. Each variant has the command line, ready to paste.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The program was not found.
    #[error("`{program}` was not found")]
    NotFound {
        /// The program as requested.
        program: String,
        /// The complete command line.
        line: String,
    },
    /// It could not be started, or its output could not be read.
    #[error("`{line}` could not be run: {source}")]
    Io {
        /// The complete command line.
        line: String,
        /// The error of the system.
        source: io::Error,
    },
    /// It exited with a status other than 0.
    #[error("`{line}` failed ({status})")]
    Failed {
        /// The program, without its folder.
        program: String,
        /// The complete command line.
        line: String,
        /// The exit status as text, such as `exit status: 1`.
        status: String,
        /// The exit code; `None` when a signal ended it.
        code: Option<i32>,
        /// The last lines of standard output, then those of standard error.
        tail: String,
        /// The file with all that it printed; nothing where none was written.
        log: Option<PathBuf>,
    },
    /// It printed more than is kept.
    #[error("`{line}` printed more than {limit} bytes")]
    TooMuchOutput {
        /// The complete command line.
        line: String,
        /// The limit.
        limit: usize,
    },
}

/// Runs `invocation` and waits for its end.
///
/// # Errors
/// If it cannot be started, exits with a status other than 0, or prints more than 128 MiB on
/// standard output.
pub fn run(invocation: &Invocation, options: &mut RunOptions<'_>) -> Result<Output, RunError> {
    let failed = |source| RunError::Io { line: invocation.shell_line(), source };
    let group = ProcessGroup::start().map_err(failed)?;
    let log = options.logs.and_then(|logs| logs.begin(invocation));
    let mut child = start(invocation, options, &group)?;
    let (sender, receiver) = channel();
    read_lines(child.stdout.take(), Stream::Out, &sender);
    read_lines(child.stderr.take(), Stream::Err, &sender);
    thread::spawn(move || sender.send(Message::Ended(child.wait())).ok());
    Collected::gather(&receiver, options, group, log).finish(invocation)
}

impl RunError {
    /// The error as a diagnostic: the most useful lines of the command's output, the complete
    /// command line, and the log with the rest.
    #[must_use]
    pub fn problem(&self) -> Diagnostic {
        self.with_context(match self {
            Self::NotFound { program, line } => {
                Diagnostic::new(&codes::COMMAND_NOT_FOUND, self.to_string()).help(format!(
                    "install `{program}`, or name it with `--tool`; needed for `{line}`"
                ))
            }
            Self::Failed { program, .. } => {
                Diagnostic::new(&codes::COMMAND_FAILED, self.told(program))
            }
            Self::Io { .. } | Self::TooMuchOutput { .. } => {
                Diagnostic::new(&codes::COMMAND_FAILED, self.to_string())
            }
        })
    }

    /// `problem`, with the command and its log, where it ran to its end.
    #[must_use]
    pub fn with_context(&self, problem: Diagnostic) -> Diagnostic {
        let Self::Failed { line, log, .. } = self else { return problem };
        let log = log.as_ref().map(|log| log.display().to_string());
        problem.of_command(line, &log.unwrap_or_default())
    }

    /// Whether a disk had no room for what the command would write.
    #[must_use]
    pub fn is_no_room(&self) -> bool {
        /// As the C library, npm and Windows word it.
        const WORDS: &[&str] =
            &["no space left on device", "enospc", "not enough space on the disk"];
        match self {
            Self::Failed { tail, .. } => {
                let tail = tail.to_lowercase();
                WORDS.iter().any(|words| tail.contains(words))
            }
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            Self::NotFound { .. } | Self::TooMuchOutput { .. } => false,
        }
    }

    /// Whether the command failed because it could not reach a server, judged by the messages of
    /// pip, npm, cargo, rustup, go and uv.
    #[must_use]
    pub fn is_no_network(&self) -> bool {
        matches!(self, Self::Failed { tail, .. } if tail.lines().any(says_no_network))
    }

    /// The relevant line of many.
    pub(crate) fn no_network_words(&self) -> String {
        let words = match self {
            Self::Failed { tail, .. } => tail.lines().find(|line| says_no_network(line)),
            _ => None,
        };
        words.map_or_else(|| self.to_string(), |line| line.trim().chars().take(160).collect())
    }
}

fn says_no_network(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "name resolution",
        "could not resolve",
        "couldn't resolve",
        "dns error",
        "no such host",
        "enotfound",
        "eai_again",
        "econnrefused",
        "etimedout",
        "connection refused",
        "network is unreachable",
        "failed to establish a new connection",
        "connect timeout",
        "error sending request",
        "connection timed out",
        "nodename nor servname",
        "could not connect to server",
        "couldn't connect to server",
        "network is disabled",
    ];
    let line = line.to_lowercase();
    WORDS.iter().any(|words| line.contains(words))
}

fn start(
    invocation: &Invocation,
    options: &RunOptions<'_>,
    group: &ProcessGroup,
) -> Result<Child, RunError> {
    let mut command = Command::new(&invocation.program);
    command
        .args(&invocation.args)
        .env_clear()
        .envs(options.engine.then(engine_env).into_iter().flatten())
        .envs(child_env(options.network, &invocation.env))
        .envs(options.secrets.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !invocation.dir.is_empty() {
        command.current_dir(&invocation.dir);
    }
    group.adopt(&mut command);
    command.spawn().map_err(|source| {
        let line = invocation.shell_line();
        let missing_dir = !invocation.dir.is_empty() && !Path::new(&invocation.dir).is_dir();
        if source.kind() == io::ErrorKind::NotFound && !missing_dir {
            RunError::NotFound { program: invocation.program.clone(), line }
        } else {
            RunError::Io { line, source }
        }
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
