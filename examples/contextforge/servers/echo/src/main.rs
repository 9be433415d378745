//! An MCP server that echoes what it is told.
//!
//! Without `--port` it speaks MCP on stdin and stdout; with `--port`, over HTTP under `/mcp`.

mod http;
mod options;
mod protocol;
mod tools;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use options::{Mode, Options, USAGE};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(options) => options,
        Err(problem) => return fail(&problem, 2),
    };
    let outcome = match options.mode {
        Mode::Help => writeln!(io::stdout(), "{USAGE}"),
        Mode::Version => writeln!(io::stdout(), "mcp-server-echo {}", env!("CARGO_PKG_VERSION")),
        Mode::Health => match http::probe(options.port) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => return fail(&error.to_string(), 1),
        },
        Mode::Http => http::serve(&options.host, options.port),
        Mode::Stdio => serve_stdio(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string(), 3),
    }
}

/// Answers each line of stdin with a line on stdout, until stdin ends.
fn serve_stdio() -> io::Result<()> {
    let mut out = io::stdout();
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        if let Some(reply) = protocol::handle(line.as_bytes()) {
            writeln!(out, "{reply}")?;
            out.flush()?;
        }
    }
    Ok(())
}

fn fail(problem: &str, code: u8) -> ExitCode {
    // Nobody is left to tell when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {problem}");
    ExitCode::from(code)
}
