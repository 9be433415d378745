//! What verification found.

use std::collections::BTreeMap;
use std::fmt;

use model::{Code, Diagnostic, Diagnostics, Location, Manifest, Severity};
use serde::Serialize;

/// The answer, with one line a check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The release's version; empty when the manifest could not be read.
    pub version: String,
    /// Artifacts it lists.
    pub artifacts: usize,
    /// What was checked, in order.
    pub checks: Vec<Check>,
    /// Who signed it.
    pub signer: Signer,
    /// What it does not show, for people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name.
    pub name: String,
    /// How many things it looked at.
    pub looked_at: usize,
    /// What it found.
    pub problems: Diagnostics,
}

/// Who signed a release, as far as the signatures show: nobody unless all of them hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signer {
    /// Nobody.
    #[default]
    Unsigned,
    /// Somebody: the key came with the release, so it says nothing about who.
    Unknown,
    /// The owner of the key that the caller named.
    Key,
}

/// What a running check reports.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    looked_at: usize,
    problems: Diagnostics,
}

impl Report {
    /// Whether everything is as it must be.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !self.checks.iter().any(|check| check.problems.has_errors())
    }

    /// All that was found, in order of the checks.
    #[must_use]
    pub fn problems(&self) -> Diagnostics {
        Diagnostics(self.checks.iter().flat_map(|check| check.problems.0.clone()).collect())
    }

    pub(crate) fn describe(&mut self, manifest: &Manifest) {
        self.version = manifest.release.version.text().to_owned();
        self.artifacts = manifest.artifacts.len();
    }

    /// Names files as `names` says, by the paths that checks know them by.
    pub(crate) fn rename(&mut self, names: &BTreeMap<String, String>) {
        let problems = self.checks.iter_mut().flat_map(|check| &mut check.problems.0);
        for place in problems.filter_map(|problem| problem.location.as_mut()) {
            if let Some(name) = names.get(&place.file) {
                place.file.clone_from(name);
            }
        }
    }

    /// Runs one check and keeps what it found.
    pub(crate) fn run<T>(&mut self, name: &str, check: impl FnOnce(&mut Findings) -> T) -> T {
        let mut findings = Findings::default();
        let result = check(&mut findings);
        let Findings { looked_at, problems } = findings;
        self.checks.push(Check { name: name.to_owned(), looked_at, problems: problems.sorted() });
        result
    }
}

impl Findings {
    /// Counts one thing that was looked at.
    pub(crate) fn look(&mut self) {
        self.looked_at += 1;
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_good(&self) -> bool {
        !self.problems.has_errors()
    }

    /// Something is wrong with the file at `path`.
    pub(crate) fn wrong(&mut self, code: &'static Code, path: &str, message: impl Into<String>) {
        self.problems.push(Diagnostic::new(code, message).at(Location::file(path)));
    }

    /// Something that another room found; placed at `path` unless it names a place itself.
    pub(crate) fn add(&mut self, problem: Diagnostic, path: &str) {
        let place = problem.location.clone().unwrap_or_else(|| Location::file(path));
        self.problems.push(problem.at(place));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.checks {
            let errors = |problem: &&Diagnostic| problem.severity == Severity::Error;
            let wrong = check.problems.0.iter().filter(errors).count();
            let mark = if wrong == 0 { "ok" } else { "FAILED" };
            writeln!(f, "{:<12} {mark:<7} {} checked, {wrong} wrong", check.name, check.looked_at)?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        let signer = match self.signer {
            Signer::Unsigned => "not signed",
            Signer::Unknown => "integrity only, signer unknown",
            Signer::Key => "signed by the given key",
        };
        let what = format!("{} artifacts of {}", self.artifacts, self.version);
        match (self.is_good(), self.version.is_empty()) {
            (true, true) => f.write_str("verified"),
            (true, false) => write!(f, "verified: {what} ({signer})"),
            // Who signed what is not good is nobody's comfort.
            (false, true) => f.write_str("NOT verified"),
            (false, false) => write!(f, "NOT verified: {what}"),
        }
    }
}
