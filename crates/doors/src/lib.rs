//! The native side of the composite actions: inputs in, the pipeline called, outputs and a summary
//! out.
//!
//! A door reads nothing but variables that the action sets, and what it prints cannot be taken for
//! a command of the runner's. What a release is, it asks of `pipeline`; who may start it, of
//! `steps`.

mod artifacts;
mod build;
pub mod codes;
mod format;
mod guard;
mod input;
mod log;
mod output;
mod publish;
mod seal;
mod sign;
mod summary;
mod surroundings;

use std::io::{self, Write as _};

use model::{Diagnostic, Diagnostics};
use pipeline::{Failure, Kind};

use input::Inputs;
use log::Log;
pub use surroundings::Surroundings;

/// What a door leaves.
#[derive(Debug, Default)]
struct Left {
    /// For the next step, by name.
    outputs: Vec<(&'static str, String)>,
    /// For people, in Markdown.
    summary: String,
    /// What a person should know.
    problems: Diagnostics,
    /// Why it failed although there is something to tell.
    failed: Option<Kind>,
    /// Files and references that it made, for `$GITHUB_ARTIFACTS`.
    subjects: Vec<String>,
}

type Door = fn(&mut Inputs<'_>, &Log) -> Result<Left, Failure>;

/// The doors, by name.
const DOORS: &[(&str, Door)] = &[
    ("build", build::run),
    ("seal", seal::run),
    ("sign", sign::run),
    ("publish", publish::run),
    ("oci", format::oci),
    ("pypi", format::pypi),
    ("helm", format::helm),
    ("binary", format::binary),
    ("release", format::release),
];

/// Goes through the door called `name`. Gives the exit code.
#[must_use]
pub fn run(name: &str, surroundings: &Surroundings) -> u8 {
    let log = Log::open(surroundings);
    let mut inputs = Inputs::of(surroundings);
    let done = match DOORS.iter().find(|(door, _)| *door == name) {
        Some((_, door)) => door(&mut inputs, &log),
        None => Err(unknown(name)),
    };
    let left = match done {
        Ok(left) => left,
        Err(failure) => failed(name, failure, &log),
    };
    let code = left.failed.map_or(0, |kind| kind as u8);
    let told = output::tell(surroundings, &left);
    let mut problems = left.problems;
    let mut lost = told.is_err();
    problems.extend(told.err());
    if !log.close(&problems, &inputs.shown_folder()) {
        lost = true;
        // Where stdout takes nothing, stderr may still go elsewhere.
        let problem =
            Diagnostic::new(&codes::OUTPUT_FAILED, "the log of this step cannot be written");
        let problem = problem.help("make room on the runner's disk, and run the job again");
        let _untold = writeln!(io::stderr().lock(), "{problem}");
    }
    if lost && code == 0 { Kind::Unable as u8 } else { code }
}

fn unknown(name: &str) -> Failure {
    let shown: String = name.chars().take(80).collect();
    let names: Vec<&str> = DOORS.iter().map(|(name, _)| *name).collect();
    let problem = Diagnostic::new(&codes::DOOR_UNKNOWN, format!("there is no door `{shown}`"));
    Failure::usage(problem.help(format!("the doors are {}", names.join(", "))))
}

fn failed(name: &str, failure: Failure, log: &Log) -> Left {
    let summary = summary::failed(name, &failure.problems, &log.ended());
    Left { summary, problems: failure.problems, failed: Some(failure.kind), ..Left::default() }
}
