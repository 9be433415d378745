//! Codes: what a diagnostic is about, declared once, beside the code that finds it.
//!
//! A diagnostic cannot be made without a declared code. Each crate declares its own with
//! [`codes!`](crate::codes) in `codes.rs` and exports them as `CODES`; the reference page and
//! `package-actions explain` are made from those lists. Titles live in the lists alone, so that a
//! program that does not list its codes, such as the WASM core, does not carry them.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// Whether a problem stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The work cannot go on.
    Error,
    /// The work goes on; a person should look.
    Warning,
}

/// What kind of answer a diagnostic is. Control flow depends on this, never on a code's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The program was called in a way that it does not understand.
    Usage,
    /// What was read breaks its specification or a rule of this project.
    Invalid,
    /// What was asked for is not there. A certain answer, not a question that failed.
    Absent,
    /// Whoever asks may not have it.
    Denied,
    /// Nobody answered, or the answer broke off: asking again may help.
    Unreachable,
    /// Something is there, with other bytes or facts than expected.
    Differs,
    /// It is of a kind that this version does not judge: neither good nor bad.
    Unsupported,
    /// This machine, or a program on it, could not do its part.
    Failed,
}

/// A declared code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its stable spelling in kebab-case, such as `config-unknown-key`.
    pub name: &'static str,
    /// What kind of answer it is.
    pub class: Class,
    /// Its severity where nothing else is said.
    pub severity: Severity,
}

/// The codes that a crate declares.
#[derive(Debug, Clone, Copy)]
pub struct Codes {
    /// The name of the crate.
    pub package: &'static str,
    /// All of them, in order of their names.
    pub declared: &'static [Declared],
}

/// A code and its title, for references.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// The code.
    pub code: &'static Code,
    /// One sentence: what it means.
    pub title: &'static str,
}

impl Class {
    /// Its name, as references show it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Invalid => "invalid",
            Self::Absent => "absent",
            Self::Denied => "denied",
            Self::Unreachable => "unreachable",
            Self::Differs => "differs",
            Self::Unsupported => "unsupported",
            Self::Failed => "failed",
        }
    }
}

/// In order of their names, for sorted lists.
impl Ord for Code {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(other.name)
    }
}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// Declares a crate's codes, each with its title as documentation, its name and its class, and
/// lists them as `CODES`. An error unless it says `warning`.
///
/// ```
/// model::codes! {
///     /// A key of the configuration is not known.
///     CONFIG_UNKNOWN_KEY = "config-unknown-key", Invalid;
///     /// The description of a package is empty.
///     NO_DESCRIPTION = "no-description", Invalid, warning;
/// }
/// assert_eq!(CONFIG_UNKNOWN_KEY.name, "config-unknown-key");
/// let second = &CODES.declared[1];
/// assert_eq!(second.code.severity, model::Severity::Warning);
/// assert_eq!(second.title, "The description of a package is empty.");
/// ```
#[macro_export]
macro_rules! codes {
    ($(
        #[doc = $title:literal]
        $code:ident = $name:literal, $class:ident $(, $severity:ident)?;
    )*) => {
        $(
            #[doc = $title]
            pub static $code: $crate::Code = $crate::Code {
                name: $name,
                class: $crate::Class::$class,
                severity: $crate::codes!(@severity $($severity)?),
            };
        )*

        /// All codes that this crate declares, with their titles.
        pub static CODES: $crate::Codes = $crate::Codes {
            package: env!("CARGO_PKG_NAME"),
            declared: &[
                $($crate::Declared { code: &$code, title: $crate::codes!(@trim $title) },)*
            ],
        };
    };
    (@severity) => { $crate::Severity::Error };
    (@severity warning) => { $crate::Severity::Warning };
    (@trim $title:literal) => { $title.trim_ascii() };
}
