//! Would a public index take this file?
//!
//! One list of problems for each artifact. An *error* is what the public index refuses, or what
//! breaks the format so that a strict installer refuses it; a *warning* is what a person should
//! look at. Reads bytes alone, and changes nothing.

mod license;
mod rule;
mod rules;
mod wheel;

use model::{Code, Diagnostic, Location, Severity};

pub use rule::{Concerns, LooksAt, Reported, Rule};
pub use rules::RULES;

use crate::codes;
use crate::name::{normalize_for_files, pep440};
use crate::sdist::{Sdist, read_sdist};
use crate::wheel::{Wheel, read_wheel};

/// Bytes of one file that the public index takes unless a project has asked for more.
const MAX_UPLOAD_BYTES: usize = 100_000_000;

/// Looks a wheel over, in the order: file name, archive, metadata, tags, `RECORD`, content.
#[must_use]
pub fn lint_wheel(file_name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut problems = size(bytes);
    match read_wheel(file_name, bytes) {
        Ok(wheel) => problems.extend(check_wheel(&wheel)),
        Err(problem) => problems.push(problem),
    }
    placed(problems, file_name)
}

/// Looks a source distribution over.
#[must_use]
pub fn lint_sdist(file_name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    let mut problems = size(bytes);
    match read_sdist(file_name, bytes) {
        Ok(sdist) => problems.extend(check_sdist(&sdist)),
        Err(problem) => problems.push(problem),
    }
    placed(problems, file_name)
}

/// The same of a wheel that was read before; what is wrong with the file as a whole has no place.
#[must_use]
pub fn check_wheel(wheel: &Wheel) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    wheel::check(wheel, &mut problems);
    problems
}

/// The same of a source distribution that was read before.
#[must_use]
pub fn check_sdist(sdist: &Sdist) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    look_over(sdist, &mut problems);
    problems
}

/// Whether an error breaks the file for everybody. The others are rules of the public index about
/// what it shows, and a file that never goes there need not keep them.
#[must_use]
pub fn breaks_the_file(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error && !INDEX_RULES.contains(&problem.code)
}

/// Codes of what the public index refuses and installers take.
const INDEX_RULES: [&Code; 10] = [
    &codes::METADATA_CLASSIFIER,
    &codes::METADATA_CONTENT_TYPE,
    &codes::METADATA_DIRECT_URL,
    &codes::METADATA_EMAIL,
    &codes::METADATA_LICENSE_EXPRESSION,
    &codes::METADATA_LICENSE_TWICE,
    &codes::METADATA_LOCAL_VERSION,
    &codes::METADATA_SUMMARY,
    &codes::METADATA_TOO_OLD_FOR_FIELD,
    &codes::METADATA_URL,
];

fn size(bytes: &[u8]) -> Vec<Diagnostic> {
    if bytes.len() <= MAX_UPLOAD_BYTES {
        return Vec::new();
    }
    let message = format!("the file has {} bytes; a project may upload 100 MB", bytes.len());
    let help = "ask the index for a larger limit, or ship less";
    vec![Diagnostic::new(&codes::PYTHON_FILE_SIZE, message).help(help)]
}

fn placed(problems: Vec<Diagnostic>, file_name: &str) -> Vec<Diagnostic> {
    let place = |problem: Diagnostic| match problem.location {
        Some(_) => problem,
        None => problem.at(Location::file(file_name)),
    };
    problems.into_iter().map(place).collect()
}

fn look_over(sdist: &Sdist, problems: &mut Vec<Diagnostic>) {
    problems.extend(RULES.iter().flat_map(|rule| rule.of_sdist(sdist)));
    let name = normalize_for_files(&sdist.name);
    let version = pep440(&sdist.version).and_then(|version| version.pep440().ok());
    if let Some(version) = version {
        let expected = format!("{name}-{version}");
        let found = format!("{}-{}", sdist.file_name.distribution, sdist.file_name.version);
        if found != expected {
            let message = format!("the file must be called `{expected}.tar.gz`");
            problems.push(Diagnostic::new(&codes::SDIST_NAME, message));
        }
        if sdist.top != expected {
            let message = format!("its folder is `{}`, not `{expected}`", sdist.top);
            problems.push(Diagnostic::warning(&codes::SDIST_TOP_LEVEL, message));
        }
    }
    if sdist.metadata.format_version().is_some_and(|version| version < (2, 2)) {
        let message = "its metadata is older than 2.2, so nobody can rely on it before a build";
        problems.push(Diagnostic::new(&codes::SDIST_METADATA_VERSION, message));
    }
    if sdist.member("pyproject.toml").is_none() {
        let message = "the sdist has no `pyproject.toml`";
        problems.push(Diagnostic::new(&codes::SDIST_PYPROJECT_MISSING, message));
    }
    for file in sdist.metadata.all("License-File") {
        if sdist.member(file).is_none() {
            let message = format!("`License-File: {file}` is not in the sdist");
            problems.push(Diagnostic::new(&codes::METADATA_LICENSE_FILE_MISSING, message));
        }
    }
    for entry in &sdist.members {
        let parts: Vec<&str> = entry.path.split('/').collect();
        let stray = parts.contains(&"__pycache__") || entry.path.ends_with(".pyc");
        if stray || entry.path.ends_with(".whl") {
            let message = format!("`{}` is a product of a build, not a source", entry.path);
            problems.push(Diagnostic::new(&codes::SDIST_STRAY_FILE, message));
        }
    }
}

#[cfg(test)]
mod drafts;
#[cfg(test)]
mod tests;
