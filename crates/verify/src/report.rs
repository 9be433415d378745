//! What verification found.

use std::collections::BTreeMap;
use std::fmt;

use evidence::{Identity, Refusal, Verified, Why};
use model::{Code, Diagnostic, Diagnostics, Location, Manifest, Severity};
use serde::{Serialize, Serializer};

/// What was asked has one of three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Yes: everything is as it must be.
    Yes,
    /// It cannot be known: nothing is wrong, but something was signed in a way that is not judged
    /// here.
    Unknown,
    /// No: something is wrong.
    No,
}

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
    /// Those of `problems` that are not wrong, but could not be judged.
    #[serde(skip)]
    undecided: Diagnostics,
}

/// Who signed a release, as far as the signatures show: nobody unless all of them hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Signer {
    /// Nobody.
    #[default]
    Unsigned,
    /// Somebody: the key came with the release, so it says nothing about who.
    Unknown,
    /// One of those whom the caller trusts.
    Trusted(Verified),
}

/// What a running check reports.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    looked_at: usize,
    problems: Diagnostics,
    undecided: Diagnostics,
}

impl Signer {
    /// Its spelling in JSON.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Unknown => "unknown",
            Self::Trusted(Verified { who: Identity::Key { .. }, .. }) => "key",
            Self::Trusted(Verified { who: Identity::Certificate { .. }, .. }) => "certificate",
        }
    }
}

impl Serialize for Signer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Check {
    /// The check `name` of one thing.
    #[must_use]
    pub fn of_one(name: &str, problems: Diagnostics) -> Self {
        let undecided = Diagnostics::new();
        Self { name: name.to_owned(), looked_at: 1, problems, undecided }
    }

    /// What it says, by itself.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let mut errors = self.problems.0.iter().filter(|one| one.severity == Severity::Error);
        match errors.all(|one| self.undecided.0.contains(one)) {
            false => Answer::No,
            true if self.problems.has_errors() => Answer::Unknown,
            true => Answer::Yes,
        }
    }
}

impl Report {
    /// The answer of all checks together.
    #[must_use]
    pub fn answer(&self) -> Answer {
        self.checks.iter().map(Check::answer).max().unwrap_or(Answer::Yes)
    }

    /// Whether everything is as it must be.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.answer() == Answer::Yes
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
        let problems = self
            .checks
            .iter_mut()
            .flat_map(|check| check.problems.0.iter_mut().chain(&mut check.undecided.0));
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
        let Findings { looked_at, problems, undecided } = findings;
        let problems = problems.sorted();
        self.checks.push(Check { name: name.to_owned(), looked_at, problems, undecided });
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

    /// A signature was refused, or could not be judged; located as [`Findings::add`] does.
    pub(crate) fn refuse(&mut self, refusal: Refusal, path: &str) {
        let Refusal { why, diagnostic } = refusal;
        self.add(diagnostic, path);
        if why == Why::Unknown {
            self.undecided.extend(self.problems.0.last().cloned());
        }
    }

    /// Something that another crate found; placed at `path` unless it names a place itself.
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
            let mark = match check.answer() {
                Answer::Yes => "ok",
                Answer::Unknown => "UNKNOWN",
                Answer::No => "FAILED",
            };
            writeln!(f, "{:<12} {mark:<7} {} checked, {wrong} wrong", check.name, check.looked_at)?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        let answer = match self.answer() {
            Answer::Yes => "verified",
            Answer::Unknown => "NOT verified, nor refuted",
            Answer::No => "NOT verified",
        };
        f.write_str(answer)?;
        if !self.version.is_empty() {
            write!(f, ": {} artifacts of {}", self.artifacts, self.version)?;
            // Who signed what is not good is nobody's comfort.
            if self.is_good() {
                write!(f, " ({})", self.signer)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("not signed"),
            Self::Unknown => f.write_str("integrity only, signer unknown"),
            Self::Trusted(Verified { who, .. }) => match who {
                Identity::Key { .. } => f.write_str("signed by the given key"),
                Identity::Certificate { issuer, subject, .. } => {
                    write!(f, "signed by {subject}, as {issuer} says")
                }
            },
        }
    }
}
