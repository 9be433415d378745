//! Runs one command to its end: a fixed environment, no input, bounded memory, no survivors.
//!
//! On Unix the command leads a process group of its own. A watching shell holds a pipe to us and
//! kills that group when the pipe closes: when the command has ended, when this call is left early,
//! and also when we ourselves are killed. (The kernel's parent-death signal would need `unsafe`
//! code and reaches only the first child, not a compiler's compilers.) On Windows the child is
//! merely waited for.

mod guard;

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use model::{Invocation, Problem};

use crate::environment::child_env;
use guard::GroupGuard;

/// The most that is kept of a command's standard output: `cargo metadata` of a large workspace
/// has a tenth of it.
const MAX_STDOUT: usize = 128 << 20;
/// The most that is kept of standard error, from its end.
const MAX_TAIL: usize = 64 << 10;
/// The lines of standard error that an error shows.
const SHOWN_LINES: usize = 40;
/// A longer line is cut in pieces, so that a command that never ends one fills no memory.
const MAX_LINE: u64 = 64 << 10;

/// How to run.
#[derive(Default)]
pub struct RunOptions<'a> {
    /// Whether the command fetches: then proxy, certificate and index variables reach it.
    pub network: bool,
    /// Is given every line as it comes, of both streams.
    pub log: Option<&'a mut dyn FnMut(Line<'_>)>,
}

/// A line that a command printed, without its end.
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

/// What a command left that ended well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// All of standard output.
    pub stdout: Vec<u8>,
    /// The end of standard error, at most 64 KiB.
    pub stderr: String,
}

/// Why a command did not do its work. Each names the very line, ready to paste.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no such program.
    #[error("`{program}` was not found")]
    NotFound {
        /// The program as it was asked for.
        program: String,
        /// The whole line.
        line: String,
    },
    /// It could not be started, or its output could not be read.
    #[error("`{line}` could not be run: {source}")]
    Io {
        /// The whole line.
        line: String,
        /// What the system said.
        source: io::Error,
    },
    /// It ended with another status than 0.
    #[error("`{line}` failed ({status})")]
    Failed {
        /// The whole line.
        line: String,
        /// The exit status in words, as `exit status: 1`.
        status: String,
        /// The exit code; `None` when a signal ended it.
        code: Option<i32>,
        /// The last lines of standard error, or of standard output when it wrote no error.
        tail: String,
    },
    /// It printed more than is kept.
    #[error("`{line}` printed more than {limit} bytes")]
    TooMuchOutput {
        /// The whole line.
        line: String,
        /// The limit.
        limit: usize,
    },
}

/// Runs `invocation` and waits for its end.
///
/// # Errors
/// When it cannot be started, ends with another status than 0, or prints more than 128 MiB on
/// standard output.
pub fn run(invocation: &Invocation, options: &mut RunOptions<'_>) -> Result<Output, RunError> {
    let line = invocation.shell_line();
    let failed = |source| RunError::Io { line: line.clone(), source };
    let mut child = start(invocation, options.network)?;
    let guard = GroupGuard::of(&child).map_err(failed);
    if guard.is_err() {
        child.kill().ok();
    }
    let (sender, receiver) = channel();
    read_lines(child.stdout.take(), Stream::Out, &sender);
    read_lines(child.stderr.take(), Stream::Err, &sender);
    thread::spawn(move || sender.send(Message::Ended(child.wait())).ok());
    let ended = Collected::gather(&receiver, options, guard?);
    ended.finish(line)
}

impl RunError {
    /// The error as a problem, with the command's last words.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound { program, line } => Problem::error("command-not-found", self.to_string())
                .help(format!("install `{program}`, or name it with `--tool`; needed for `{line}`")),
            Self::Failed { tail, .. } if tail.is_empty() => {
                Problem::error("command-failed", format!("{self}; it printed nothing"))
            }
            Self::Failed { tail, .. } => {
                Problem::error("command-failed", format!("{self}; its last words:\n{tail}"))
            }
            Self::Io { .. } | Self::TooMuchOutput { .. } => {
                Problem::error("command-failed", self.to_string())
            }
        }
    }

    /// Whether the command failed because it could not reach a server, as far as the words of
    /// pip, npm, cargo, rustup, go and uv tell.
    #[must_use]
    pub fn is_no_network(&self) -> bool {
        const WORDS: &[&str] = &[
            "name resolution", "could not resolve", "couldn't resolve", "dns error", "no such host",
            "enotfound", "eai_again", "econnrefused", "etimedout", "connection refused",
            "network is unreachable", "failed to establish a new connection", "connect timeout",
            "error sending request", "connection timed out", "nodename nor servname",
            "could not connect to server", "couldn't connect to server", "network is disabled",
        ];
        let Self::Failed { tail, .. } = self else { return false };
        let tail = tail.to_lowercase();
        WORDS.iter().any(|words| tail.contains(words))
    }
}

enum Message {
    Piece(Stream, Vec<u8>),
    Ended(io::Result<ExitStatus>),
}

#[derive(Default)]
struct Collected {
    stdout: Vec<u8>,
    overflow: bool,
    tail: VecDeque<u8>,
    status: Option<io::Result<ExitStatus>>,
}

impl Collected {
    /// Takes lines until both streams are closed. The end of the command itself releases the guard,
    /// which ends whatever the command left behind and so closes the streams.
    fn gather(
        receiver: &Receiver<Message>,
        options: &mut RunOptions<'_>,
        guard: GroupGuard,
    ) -> Self {
        let mut guard = Some(guard);
        let mut all = Self::default();
        for message in receiver {
            match message {
                Message::Ended(status) => {
                    all.status = Some(status);
                    drop(guard.take());
                }
                Message::Piece(stream, bytes) => {
                    if let Some(log) = options.log.as_mut() {
                        let text = String::from_utf8_lossy(&bytes);
                        log(Line { stream, text: text.trim_end_matches(['\n', '\r']) });
                    }
                    if all.take(stream, &bytes) {
                        drop(guard.take());
                    }
                }
            }
        }
        all
    }

    /// Keeps `bytes`; true when the command has printed too much and must end.
    fn take(&mut self, stream: Stream, bytes: &[u8]) -> bool {
        match stream {
            Stream::Err => {
                self.tail.extend(bytes);
                let excess = self.tail.len().saturating_sub(MAX_TAIL);
                self.tail.drain(..excess);
            }
            Stream::Out if self.stdout.len() + bytes.len() > MAX_STDOUT => self.overflow = true,
            Stream::Out => self.stdout.extend_from_slice(bytes),
        }
        self.overflow
    }

    fn finish(self, line: String) -> Result<Output, RunError> {
        let tail: Vec<u8> = self.tail.into();
        let stderr = String::from_utf8_lossy(&tail).into_owned();
        if self.overflow {
            return Err(RunError::TooMuchOutput { line, limit: MAX_STDOUT });
        }
        let status = match self.status {
            Some(Ok(status)) => status,
            Some(Err(source)) => return Err(RunError::Io { line, source }),
            None => {
                let source = io::Error::other("nobody waited for it");
                return Err(RunError::Io { line, source });
            }
        };
        if status.success() {
            return Ok(Output { stdout: self.stdout, stderr });
        }
        let words = if stderr.trim().is_empty() {
            String::from_utf8_lossy(&self.stdout).into_owned()
        } else {
            stderr
        };
        let (status, code) = (status.to_string(), status.code());
        Err(RunError::Failed { line, status, code, tail: last_lines(&words) })
    }
}

fn start(invocation: &Invocation, network: bool) -> Result<Child, RunError> {
    let mut command = Command::new(&invocation.program);
    command
        .args(&invocation.args)
        .env_clear()
        .envs(child_env(network, &invocation.env))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !invocation.dir.is_empty() {
        command.current_dir(&invocation.dir);
    }
    guard::lead_group(&mut command);
    command.spawn().map_err(|source| {
        let line = invocation.shell_line();
        let missing_dir = !invocation.dir.is_empty() && !std::path::Path::new(&invocation.dir).is_dir();
        if source.kind() == io::ErrorKind::NotFound && !missing_dir {
            RunError::NotFound { program: invocation.program.clone(), line }
        } else {
            RunError::Io { line, source }
        }
    })
}

fn read_lines(
    stream: Option<impl Read + Send + 'static>,
    name: Stream,
    sender: &Sender<Message>,
) {
    let (Some(stream), sender) = (stream, sender.clone()) else { return };
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        loop {
            let mut piece = Vec::new();
            match reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut piece) {
                Ok(0) | Err(_) => return,
                Ok(_) if sender.send(Message::Piece(name, piece)).is_err() => return,
                Ok(_) => {}
            }
        }
    });
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let first = lines.len().saturating_sub(SHOWN_LINES);
    lines.get(first..).unwrap_or_default().join("\n")
}

#[cfg(all(test, unix))]
mod tests;
