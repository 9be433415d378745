//! How a job can end early, and what cargo said on the way.

use model::{Diagnostic, Invocation};
use release::Licenses;
use tools::RunError;

use crate::toolbox::Unavailable;

/// What cargo said.
#[derive(Debug, Clone, Default)]
pub(super) struct Learned {
    /// What was done to the lock, for the manifest.
    pub(super) note: Option<String>,
    /// The text of `Cargo.lock` as it is used.
    pub(super) lock: String,
    /// Licences of crates.
    pub(super) licenses: Licenses,
}

/// Why a unit has no artifact.
pub(super) enum Stop {
    NotHere(String),
    Failed(Diagnostic),
    Broken(Diagnostic),
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::NotHere(reason) => Self::NotHere(reason),
            Unavailable::Broken(problem) => Self::Broken(problem),
        }
    }
}

/// Why a job's commands did not do their work.
pub(super) enum JobError {
    /// Nothing can be done about it here.
    Stop(Stop),
    /// A command failed; perhaps only for want of a network.
    Command(RunError, Box<Invocation>),
}

impl From<Stop> for JobError {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Stop {
    /// The same for another unit of the job.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::NotHere(reason) => Self::NotHere(reason.clone()),
            Self::Failed(problem) => Self::Failed(problem.clone()),
            Self::Broken(problem) => Self::Broken(problem.clone()),
        }
    }
}
