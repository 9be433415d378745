//! Collects the output of a command, within limits, until its streams are closed.

use std::io::{self, BufRead as _, BufReader, Read};
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, Sender};
use std::thread;

use model::Invocation;

use super::group::ProcessGroup;
use super::secrets::Secrets;
use super::shown::Shown;
use super::{Line, Output, RunError, RunOptions, Stream};
use crate::logs::Log;

/// The most that is kept of a command's standard output, in bytes: `cargo metadata` of a large
/// workspace prints a tenth of it.
const MAX_STDOUT: usize = 128 << 20;
/// The lines of standard error among which an error's most useful ones are; of standard output,
/// half as many.
const TOLD_LINES: usize = 400;
/// A longer line is split, so that a command that never ends a line does not fill the memory.
pub(super) const MAX_LINE: u64 = 64 << 10;

/// What the threads that watch a command report.
pub(super) enum Message {
    /// A line, or a part of a very long one.
    Piece(Stream, Vec<u8>),
    /// The command itself has ended.
    Ended(io::Result<ExitStatus>),
}

/// What has been reported so far.
#[derive(Default)]
pub(super) struct Collected {
    stdout: Vec<u8>,
    overflow: bool,
    /// What was shown of standard output.
    out: Shown,
    /// What was shown of standard error.
    err: Shown,
    status: Option<io::Result<ExitStatus>>,
    secrets: Secrets,
    log: Option<Log>,
}

impl Collected {
    /// Collects lines until both streams are closed. When the command itself ends, the group is
    /// dropped, which ends the processes that it left behind and so closes the streams.
    pub(super) fn gather(
        receiver: &Receiver<Message>,
        options: &mut RunOptions<'_>,
        group: ProcessGroup,
        log: Option<Log>,
    ) -> Self {
        let mut group = Some(group);
        let mut all = Self { secrets: Secrets::of(options.secrets), log, ..Self::default() };
        for message in receiver {
            match message {
                Message::Ended(status) => {
                    all.status = Some(status);
                    drop(group.take());
                }
                Message::Piece(stream, bytes) => {
                    let shown = if stream == Stream::Out { &mut all.out } else { &mut all.err };
                    let text = shown.piece(&bytes, &all.secrets);
                    all.tell(stream, &text, options);
                    if stream == Stream::Out && all.take(&bytes) {
                        drop(group.take());
                    }
                }
            }
        }
        let rests = [&mut all.out, &mut all.err].map(|shown| shown.rest(&all.secrets));
        for (stream, rest) in [Stream::Out, Stream::Err].into_iter().zip(rests) {
            if !rest.is_empty() {
                all.tell(stream, &rest, options);
            }
        }
        all
    }

    fn tell(&mut self, stream: Stream, text: &str, options: &mut RunOptions<'_>) {
        if let Some(log) = self.log.as_mut() {
            log.line(text);
        }
        if let Some(log) = options.log.as_mut() {
            log(Line { stream, text });
        }
    }

    /// Keeps `bytes` of standard output; true when it is too much and the command must end.
    fn take(&mut self, bytes: &[u8]) -> bool {
        if self.stdout.len() + bytes.len() > MAX_STDOUT {
            self.overflow = true;
        } else {
            self.stdout.extend_from_slice(bytes);
        }
        self.overflow
    }

    /// The command's output, or why it failed.
    pub(super) fn finish(self, invocation: &Invocation) -> Result<Output, RunError> {
        let line = invocation.shell_line();
        let (said, stderr) = (self.out.tail(), self.err.tail());
        if self.overflow {
            return Err(RunError::TooMuchOutput { line, limit: MAX_STDOUT });
        }
        let status = match self.status {
            Some(Ok(status)) => status,
            Some(Err(source)) => return Err(RunError::Io { line, source }),
            None => {
                let source = io::Error::other("nothing waited for the command");
                return Err(RunError::Io { line, source });
            }
        };
        if status.success() {
            return Ok(Output { stdout: self.stdout, stderr });
        }
        // Some commands print the reason on standard output, and on standard error only that they
        // failed.
        let words = [last_lines(&said, TOLD_LINES / 2), last_lines(&stderr, TOLD_LINES)];
        let tail = words.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let (status, code) = (status.to_string(), status.code());
        let log = self.log.map(|log| log.path().to_owned());
        let program = invocation.program_name().to_owned();
        Err(RunError::Failed { program, line, status, code, tail, log })
    }
}

/// Reports the lines of `stream` from a thread of its own, until it is closed.
pub(super) fn read_lines(
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

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim().lines().collect();
    let first = lines.len().saturating_sub(count);
    lines.get(first..).unwrap_or_default().join("\n")
}
