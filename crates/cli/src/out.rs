//! The one place that writes to stdout and stderr.
//!
//! A reader that closes the pipe has read enough: that is not a failure, and the exit code does not
//! change. Data that cannot be written to a full disk is a failure. Nothing here panics.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use model::Diagnostic;
use pipeline::Failure;

/// Writes data to stdout as it is.
///
/// # Errors
/// `output-failed` if stdout cannot be written, unless its reader has closed it.
pub(crate) fn text(data: impl Display) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    taken(write!(stdout, "{data}").and_then(|()| stdout.flush()))
}

/// Writes data to stdout, and a newline.
///
/// # Errors
/// As [`text`].
pub(crate) fn line(data: impl Display) -> Result<(), Failure> {
    text(format_args!("{data}\n"))
}

/// Tells a person something, a line on stderr. What cannot be told there can be told nowhere.
pub(crate) fn tell(words: impl Display) {
    let _untold = writeln!(io::stderr().lock(), "{words}");
}

/// What the argument parser has to say: help and the version on stdout, its errors on stderr.
///
/// # Errors
/// As [`text`].
pub(crate) fn parsed(said: &clap::Error) -> Result<ExitCode, Failure> {
    let written = said.print().and_then(|()| io::stdout().lock().flush());
    if !said.use_stderr() {
        taken(written)?;
    }
    Ok(ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(u8::MAX)))
}

fn taken(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("the output cannot be written: {error}");
            let problem = Diagnostic::new(&actions::codes::OUTPUT_FAILED, message);
            Err(problem.help("make room where stdout goes, and ask again").into())
        }
        _ => Ok(()),
    }
}
