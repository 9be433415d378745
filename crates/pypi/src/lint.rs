//! Would a public index take this file?
//!
//! One list of problems for each artifact. An *error* is what the public index refuses, or what
//! breaks the format so that a strict installer refuses it; a *warning* is what a person should
//! look at. Reads bytes alone, and changes nothing. What is judged is in [`RULES`].

mod license;
mod rule;
mod rules;

use model::{Diagnostic, Findings, Location, Severity};

pub use rule::{Concerns, LooksAt, Reported, Rule};
pub use rules::RULES;

use crate::sdist::{Sdist, read_sdist};
use crate::wheel::{Wheel, read_wheel};

/// Looks a wheel over, in the order: file name, archive, metadata, tags, `RECORD`, content.
#[must_use]
pub fn lint_wheel(file_name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut problems = check_bytes(bytes);
    match read_wheel(file_name, bytes) {
        Ok(wheel) => problems.extend(check_wheel(&wheel, RULES)),
        Err(problem) => problems.push(problem),
    }
    located(problems, file_name)
}

/// Looks a source distribution over.
#[must_use]
pub fn lint_sdist(file_name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut problems = check_bytes(bytes);
    match read_sdist(file_name, bytes) {
        Ok(sdist) => problems.extend(check_sdist(&sdist, RULES)),
        Err(problem) => problems.push(problem),
    }
    located(problems, file_name)
}

/// What `rules` find in a wheel that was read before. Problems of the file as a whole have no
/// location.
#[must_use]
pub fn check_wheel(wheel: &Wheel, rules: &[&Rule]) -> Vec<Diagnostic> {
    capped(rules.iter().flat_map(|rule| rule.of_wheel(wheel)))
}

/// What `rules` find in a source distribution that was read before.
#[must_use]
pub fn check_sdist(sdist: &Sdist, rules: &[&Rule]) -> Vec<Diagnostic> {
    capped(rules.iter().flat_map(|rule| rule.of_sdist(sdist)))
}

/// No more of a kind than anybody reads.
fn capped(problems: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut findings = Findings::new();
    findings.extend(problems);
    findings.finish()
}

/// Whether an error breaks the file for everybody. The others are rules of the public index about
/// what it shows, and a file that never goes there need not keep them.
#[must_use]
pub fn breaks_the_file(problem: &Diagnostic) -> bool {
    let index_only =
        |reported: &Reported| reported.concerns == Concerns::Index && reported.code == problem.code;
    problem.severity == Severity::Error
        && !RULES.iter().flat_map(|rule| rule.reports).any(index_only)
}

fn check_bytes(bytes: &[u8]) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule.of_bytes(bytes)).collect()
}

/// The same problems, those without a location at the file as a whole.
fn located(problems: Vec<Diagnostic>, file_name: &str) -> Vec<Diagnostic> {
    let locate = |problem: Diagnostic| match problem.location {
        Some(_) => problem,
        None => problem.at(Location::file(file_name)),
    };
    problems.into_iter().map(locate).collect()
}

#[cfg(test)]
mod drafts;
#[cfg(test)]
mod tests;
