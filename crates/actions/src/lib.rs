//! The native side of the composite actions: inputs in, the pipeline called, outputs and a summary
//! out.
//!
//! An action reads nothing but the variables that its `action.yml` sets, and a runner takes nothing
//! that it prints for a command. What a release is, it asks `pipeline`; who may start it, `api`.

mod artifacts;
mod build;
pub mod codes;
mod declared;
mod format;
mod input;
mod log;
mod output;
mod publish;
mod seal;
mod sign;
mod summary;
mod token;
mod trust;
mod variables;

use std::io::{self, Write as _};

use model::{Diagnostic, Diagnostics};
use pipeline::{Failure, Kind};

use input::Inputs;
use log::Log;
pub use log::folded;
pub use variables::Variables;

/// What an action leaves.
#[derive(Debug, Default)]
struct Outcome {
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

type Action = fn(&mut Inputs<'_>, &Log) -> Result<Outcome, Failure>;

/// The actions: name, the inputs that its `action.yml` declares, and what it does.
const ACTIONS: &[(&str, &[&str], Action)] = &[
    ("build", declared::BUILD, build::run),
    ("seal", declared::SEAL, seal::run),
    ("sign", declared::SIGN, sign::run),
    ("publish", declared::PUBLISH, publish::run),
    ("oci", declared::OCI, format::oci),
    ("pypi", declared::PYPI, format::pypi),
    ("helm", declared::HELM, format::helm),
    ("binary", declared::BINARY, format::binary),
    ("release", declared::RELEASE, format::release),
];

/// Runs the action called `name`. Gives the exit code.
#[must_use]
pub fn run(name: &str, variables: &Variables) -> u8 {
    let log = Log::open(variables);
    let found = ACTIONS.iter().find(|(action, ..)| *action == name);
    let mut inputs = Inputs::of(variables, found.map_or(&[], |(_, declared, _)| declared));
    let done = match found {
        Some((.., action)) => action(&mut inputs, &log),
        None => Err(unknown(name)),
    };
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(failure) => failed(name, failure, &log),
    };
    let code = outcome.failed.map_or(0, |kind| kind as u8);
    let told = output::tell(variables, &outcome);
    let mut problems = outcome.problems;
    problems.extend(inputs.undeclared());
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
    let names: Vec<&str> = ACTIONS.iter().map(|(name, ..)| *name).collect();
    let problem = Diagnostic::new(&codes::ACTION_UNKNOWN, format!("there is no action `{shown}`"));
    Failure::usage(problem.help(format!("the actions are {}", names.join(", "))))
}

fn failed(name: &str, failure: Failure, log: &Log) -> Outcome {
    let summary = summary::failed(name, &failure.problems, &log.ended());
    Outcome {
        summary,
        problems: failure.problems,
        failed: Some(failure.kind),
        ..Outcome::default()
    }
}
