//! `lint`: what an index would refuse of wheels and source distributions, or warn of.

use std::path::Path;
use std::process::ExitCode;

use model::{Diagnostic, Diagnostics, Location};
use pipeline::Failure;
use release::INSPECTS;
use serde::Serialize;

use super::files::unreadable;
use crate::args::Output;
use crate::args::steps::Lint;
use crate::{Outcome, out, print};

/// What machines get.
#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    files: Vec<Linted>,
}

/// A file, and what is wrong with it.
#[derive(Serialize)]
struct Linted {
    file: String,
    problems: Diagnostics,
}

const SCHEMA: &str = "package-actions/lint/1";

/// Lints each file; whatever is found is data, so it goes to stdout.
pub(super) fn run(args: &Lint, output: Output) -> Outcome {
    let files = args.files.iter().map(|file| lint(file)).collect::<Result<Vec<_>, _>>()?;
    let clean = files.iter().all(|linted| linted.problems.is_empty());
    if output == Output::Json {
        out::line(print::json(&Answer { schema: SCHEMA, files }))?;
    } else {
        let found = files.iter().filter(|linted| !linted.problems.is_empty());
        found.into_iter().try_for_each(|linted| out::line(&linted.problems))?;
    }
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

/// The answer is no: there are findings.
const FINDINGS: u8 = 1;

fn lint(path: &Path) -> Result<Linted, Failure> {
    let file = path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if ![".whl", ".tar.gz", ".zip"].iter().any(|end| name.ends_with(end)) {
        let message = "is neither a wheel nor a source distribution, by its name";
        let problem = Diagnostic::new(&crate::codes::USAGE_LINT, message).at(Location::file(file));
        return Err(Failure::usage(problem.help("name files that end in `.whl` or `.tar.gz`")));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let mut problems = Diagnostics::new();
    for mut problem in release::distribution_lint(&name, &bytes, INSPECTS) {
        // The rules know the file by its name alone, perhaps with a member's after it.
        if let Some(place) = &mut problem.location
            && let Some(inside) = place.file.strip_prefix(&*name)
        {
            place.file = format!("{file}{inside}");
        }
        problems.push(problem);
    }
    Ok(Linted { file, problems })
}
