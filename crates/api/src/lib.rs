//! The small steps of a release: one typed request and one typed answer each.
//!
//! The command line makes requests of its arguments, the WASM boundary reads them from JSON, and
//! both write answers as the same JSON: an object whose `problems` lists all that is wrong, and
//! that holds nothing else where that stopped the step. What is not text (files, trees) comes as a
//! value beside the request. No step knows of files, processes or the network.

mod annotations;
pub mod checksums;
pub mod codes;
pub mod event;
mod json;
pub mod plan;
pub mod provenance;
pub mod sbom;
mod trust;
pub mod values;
pub mod verify;
pub mod version;
pub mod wheel_name;

use model::Diagnostics;

pub use annotations::annotations;
pub use checksums::checksums;
pub use event::event;
pub use json::{answer, read, render};
pub use plan::plan;
pub use provenance::provenance;
pub use sbom::{merge, sbom};
pub use trust::{Allowed, Asked, Event, allowed, pushed_tag};
pub use verify::verify;
pub use version::version;
pub use wheel_name::wheel_name;

/// The answer of a step that did what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply<T> {
    /// What was asked for.
    pub answer: T,
    /// What a person should know about it. Errors mean that the answer is no.
    pub problems: Diagnostics,
}

/// What became of a request. A problem that stops a step means that the request is wrong.
pub type Outcome<T> = std::result::Result<Reply<T>, Diagnostics>;

/// How a step ended; the numbers are exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It did what was asked.
    Done = 0,
    /// The answer is no.
    No = 1,
    /// The request is wrong.
    Usage = 2,
}

impl<T> From<T> for Reply<T> {
    fn from(answer: T) -> Self {
        Self { answer, problems: Diagnostics::new() }
    }
}

impl Status {
    /// How the step ended that gave `outcome`.
    #[must_use]
    pub fn of<T>(outcome: &Outcome<T>) -> Self {
        match outcome {
            Ok(reply) if reply.problems.has_errors() => Self::No,
            Ok(_) => Self::Done,
            Err(_) => Self::Usage,
        }
    }
}

/// The start of a foreign text.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
