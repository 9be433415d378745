//! Where the values of a configuration come from.

use std::fmt;

use manifests::Source;
use model::{Code, Diagnostic, Location};

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is what an action takes where nothing says otherwise.
    Default,
    /// It is what the tag says that started the run.
    Tag,
    /// An input of an action says it.
    Input(&'static str),
    /// It is written in a file.
    File(Location),
}

/// Where each value of one configuration comes from, by the offset that its `At` has.
#[derive(Debug)]
pub enum Origins {
    /// The file's text: an offset counts its bytes.
    File(Source),
    /// Values without a text: an offset counts them.
    Values(Vec<Origin>),
}

impl Origin {
    /// `diagnostic`, about a value from here.
    #[must_use]
    pub fn mark(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::File(location) => diagnostic.at(location),
            Self::Input(_) => {
                let message = format!("{self}: {}", diagnostic.message);
                Diagnostic { message, ..diagnostic }
            }
            Self::Tag | Self::Default => diagnostic,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("by default"),
            Self::Tag => f.write_str("the tag"),
            Self::Input(name) => write!(f, "the input `{name}`"),
            Self::File(location) => location.fmt(f),
        }
    }
}

impl Origins {
    /// Where the value at `offset` comes from.
    #[must_use]
    pub fn origin(&self, offset: usize) -> Origin {
        match self {
            Self::File(source) => Origin::File(source.location(offset)),
            Self::Values(origins) => origins.get(offset).cloned().unwrap_or(Origin::Default),
        }
    }

    /// The text of the file; empty where there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::File(source) => &source.text,
            Self::Values(_) => "",
        }
    }

    /// An error about the value at `offset`.
    #[must_use]
    pub fn error(
        &self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.origin(offset).mark(Diagnostic::new(code, message))
    }

    /// A warning about the value at `offset`.
    #[must_use]
    pub fn warning(
        &self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
    ) -> Diagnostic {
        self.origin(offset).mark(Diagnostic::warning(code, message))
    }
}
