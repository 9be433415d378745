//! What a caller asks of the pipeline, and how it can fail.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::codes;
use model::{Class, Diagnostic, Diagnostics, Digest};
use release::{Formats, Overlay, Selection};
use verify::{Answer, Report};

/// How a build is to go.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The repository's folder.
    pub dir: PathBuf,
    /// Where the release is written; where the configuration says, or `DIR/dist`, unless given.
    pub out: Option<PathBuf>,
    /// The formats that are handled.
    pub formats: Formats,
    /// Which units.
    pub selection: Selection,
    /// The configuration, where the tree has none.
    pub overlay: Option<Overlay>,
    /// What the plan's digest must be.
    pub plan: Option<Digest>,
    /// The one leg of the plan to build; all of them unless given.
    pub leg: Option<usize>,
    /// Use the cache only.
    pub offline: bool,
    /// Go on when a unit's own build fails.
    pub allow_missing: bool,
    /// Build Rust even where `Cargo.lock` would have to gain or change a version.
    pub allow_unlocked: bool,
    /// Tools that the caller names instead of the pinned ones.
    pub tools: BTreeMap<String, PathBuf>,
    /// The cache's folder, when it is not the usual one.
    pub cache: Option<PathBuf>,
    /// How many units at a time; 0 for as many as there are processors, four at most.
    pub jobs: usize,
}

/// What signs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SignWith {
    /// Nothing.
    None,
    /// A key made for this run.
    #[default]
    Local,
    /// The private key in a PEM file.
    Key(PathBuf),
    /// The private key (PEM) in the environment variable of this name.
    Variable(String),
}

impl SignWith {
    /// Reads `local`, `none`, `key:FILE` or `env:NAME`.
    ///
    /// # Errors
    /// `usage-sign`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "local" => Ok(Self::Local),
            Some(("key", file)) if !file.is_empty() => Ok(Self::Key(PathBuf::from(file))),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Variable(name.to_owned())),
            _ => {
                let message = format!("`--sign {text}` is not known");
                let help = "use `local`, `key:FILE`, `env:NAME` or `none`";
                Err(Failure::usage(Diagnostic::new(&codes::USAGE_SIGN, message).help(help)))
            }
        }
    }
}

/// What a failure means to the caller; the numbers are exit codes. Of several, the highest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The answer is no.
    No = 1,
    /// The configuration or the call is wrong.
    Usage = 2,
    /// It could not be known or done.
    Unable = 3,
}

/// Why the pipeline stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it means.
    pub kind: Kind,
    /// All that is wrong.
    pub problems: Diagnostics,
}

impl Failure {
    /// The configuration or the call is wrong.
    pub fn usage(problems: impl Into<Diagnostics>) -> Self {
        Self { kind: Kind::Usage, problems: problems.into() }
    }

    /// What could not be done, or was asked for wrongly, as the problem's class says.
    pub(crate) fn of_call(problem: Diagnostic) -> Self {
        match problem.code.class {
            Class::Usage => Self::usage(problem),
            _ => problem.into(),
        }
    }

    /// Why a report is not good; nothing when it is.
    #[must_use]
    pub fn of_report(report: &Report) -> Option<Self> {
        let kind = match report.answer() {
            Answer::Yes => return None,
            Answer::No => Kind::No,
            Answer::Unknown => Kind::Unable,
        };
        Some(Self { kind, problems: report.problems() })
    }

    /// The answer that `problems` are: no; none where this version judges nothing of the kind.
    pub(crate) fn judged(problems: Diagnostics) -> Self {
        let unknown = problems.0.iter().all(|problem| problem.code.class == Class::Unsupported);
        let kind = if unknown { Kind::Unable } else { Kind::No };
        Self { kind, problems }
    }

    /// The answer is no.
    pub fn no(problems: impl Into<Diagnostics>) -> Self {
        Self { kind: Kind::No, problems: problems.into() }
    }
}

/// A problem that comes alone is something that could not be done.
impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        Self { kind: Kind::Unable, problems: problem.into() }
    }
}
