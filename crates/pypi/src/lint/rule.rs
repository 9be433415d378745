//! What a rule is: the codes that it reports, the specification it follows, and what it looks at.
//!
//! Knows no rule: they are in `rules`.

use model::{Code, Diagnostic};

use crate::metadata::Metadata;
use crate::sdist::Sdist;
use crate::wheel::Wheel;

/// A rule for wheels, source distributions, or the metadata of both.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The codes that it reports, the most telling one first. No other rule reports them.
    pub reports: &'static [Reported],
    /// The specification that it follows, by the title of its page or its PEP, and the section or
    /// field there.
    pub spec: &'static str,
    /// What it looks at, and how.
    pub looks_at: LooksAt,
}

/// A code that a rule reports.
#[derive(Debug, Clone, Copy)]
pub struct Reported {
    /// The code.
    pub code: &'static Code,
    /// Who has to care when it is an error.
    pub concerns: Concerns,
}

/// Who has to care about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerns {
    /// Everybody: the file is broken, wherever it is installed from.
    Everybody,
    /// Only those who upload to the public index: it refuses the file, installers accept it.
    Index,
}

/// What a rule looks at, and the function that returns what is wrong there, in a stable order.
#[derive(Debug, Clone, Copy)]
pub enum LooksAt {
    /// The bytes of the file, before they are read.
    Bytes(fn(&[u8]) -> Vec<Diagnostic>),
    /// Whether the file can be read at all: `read_wheel` and `read_sdist` report it, and then
    /// nothing else is looked at.
    Reading,
    /// The core metadata of a wheel or a source distribution.
    Metadata(fn(&Metadata) -> Vec<Diagnostic>),
    /// A wheel.
    Wheel(fn(&Wheel) -> Vec<Diagnostic>),
    /// A source distribution.
    Sdist(fn(&Sdist) -> Vec<Diagnostic>),
    /// Wheels and source distributions, each in its own way.
    Both(fn(&Wheel) -> Vec<Diagnostic>, fn(&Sdist) -> Vec<Diagnostic>),
}

impl Reported {
    /// A code whose errors break the file for everybody.
    #[must_use]
    pub const fn everybody(code: &'static Code) -> Self {
        Self { code, concerns: Concerns::Everybody }
    }

    /// A code whose errors only the public index minds.
    #[must_use]
    pub const fn index(code: &'static Code) -> Self {
        Self { code, concerns: Concerns::Index }
    }
}

impl Rule {
    /// What it finds in the bytes of a file.
    pub(super) fn of_bytes(&self, bytes: &[u8]) -> Vec<Diagnostic> {
        match self.looks_at {
            LooksAt::Bytes(check) => check(bytes),
            _ => Vec::new(),
        }
    }

    /// What it finds in a wheel that could be read.
    pub(super) fn of_wheel(&self, wheel: &Wheel) -> Vec<Diagnostic> {
        match self.looks_at {
            LooksAt::Metadata(check) => check(&wheel.metadata),
            LooksAt::Wheel(check) | LooksAt::Both(check, _) => check(wheel),
            LooksAt::Bytes(_) | LooksAt::Reading | LooksAt::Sdist(_) => Vec::new(),
        }
    }

    /// What it finds in a source distribution that could be read.
    pub(super) fn of_sdist(&self, sdist: &Sdist) -> Vec<Diagnostic> {
        match self.looks_at {
            LooksAt::Metadata(check) => check(&sdist.metadata),
            LooksAt::Sdist(check) | LooksAt::Both(_, check) => check(sdist),
            LooksAt::Bytes(_) | LooksAt::Reading | LooksAt::Wheel(_) => Vec::new(),
        }
    }
}
