//! How another program checks what a unit made, and what its answer means.

use model::Invocation;

/// What other programs are asked about what a job made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checks {
    /// The questions, in order.
    pub list: Vec<Check>,
    /// What is not asked, and why: stands with the artifact.
    pub notes: Vec<String>,
}

/// A question to another program. Whatever it does not accept is shown, with all that it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The command. It never reaches the network.
    pub command: Invocation,
    /// When its answer stops the unit.
    pub refuses: Refuses,
    /// What stands with the artifact where it says no and does not stop the unit; may be empty.
    pub note: String,
    /// What is asked then.
    pub otherwise: Vec<Check>,
    /// What stands with the artifact where it says yes; may be empty.
    pub passed: String,
}

/// When the answer of a check stops the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refuses {
    /// Whenever it fails.
    Always,
    /// Never.
    Never,
    /// When it fails and says one of these words.
    Saying(&'static [&'static str]),
}

impl Check {
    /// A check without words of its own, after which nothing else is asked.
    #[must_use]
    pub fn new(command: Invocation, refuses: Refuses) -> Self {
        Self { command, refuses, note: String::new(), otherwise: Vec::new(), passed: String::new() }
    }
}

impl Refuses {
    /// Whether a failure with these words stops the unit.
    #[must_use]
    pub fn by(self, said: &str) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Saying(words) => words.iter().any(|words| said.contains(words)),
        }
    }
}
