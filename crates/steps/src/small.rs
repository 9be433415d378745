//! The small steps as machines call them: one JSON text in, one JSON text out.
//!
//! The command line and the WASM boundary hand both texts through unread, so they answer alike. An
//! answer is an object whose `problems` lists all that is wrong; it holds nothing else where that
//! stopped the step. What is not text (files, trees) comes as a value beside the request.

mod checksums;
mod event;
mod inventory;
mod planned;
mod provenance;
mod release;
mod versions;
mod wheels;

use crate::codes;
use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, DiagnosticRecord, Diagnostics};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use checksums::checksums;
pub use event::guard;
pub use inventory::{describe, merge};
pub use planned::plan;
pub use provenance::provenance;
pub use release::verify;
pub use versions::version;
pub use wheels::wheel_name;

/// How a step ended; the numbers are exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It did what was asked.
    Done = 0,
    /// The answer is no.
    No = 1,
    /// The request is wrong.
    Usage = 2,
    /// It cannot be known.
    Unknown = 3,
}

/// What a step answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// One line of JSON, without a newline.
    pub json: String,
    /// The diagnostics in it.
    pub problems: Diagnostics,
    /// How it ended.
    pub ended: Ended,
}

/// The problems of a JSON list as workflow commands, one a line. What is no such list gives one
/// annotation that says so: an annotation never goes missing.
#[must_use]
pub fn annotations(problems: &str) -> String {
    let read: Result<Vec<DiagnosticRecord>, _> = serde_json::from_str(problems);
    let lines: Vec<String> = match read {
        Ok(records) => records.iter().map(DiagnosticRecord::annotation).collect(),
        Err(error) => {
            let message = format!("the list of problems cannot be read: {error}");
            vec![Diagnostic::new(&codes::REQUEST_SYNTAX, message).annotation()]
        }
    };
    lines.join("\n")
}

/// Reads the request, does the work and writes the answer. A problem that stops the work means that
/// the request is wrong.
fn answer<R: DeserializeOwned, T: Serialize>(
    request: &str,
    work: impl FnOnce(R) -> Result<T, Diagnostics>,
) -> Answer {
    match read(request).map_err(Diagnostics::from).and_then(work) {
        Ok(value) => told(&value, Diagnostics::new(), Ended::Done),
        Err(problems) => told(&Nothing {}, problems, Ended::Usage),
    }
}

fn read<R: DeserializeOwned>(request: &str) -> Result<R, Diagnostic> {
    if request.len() as u64 > MAX_JSON_BYTES {
        let message = format!("the request has {} bytes, above {MAX_JSON_BYTES}", request.len());
        return Err(Diagnostic::new(&codes::REQUEST_SYNTAX, message));
    }
    serde_json::from_str(request).map_err(|error| {
        let start = error.to_string().chars().take(MESSAGE_CHARS).collect::<String>();
        Diagnostic::new(&codes::REQUEST_SYNTAX, format!("the request cannot be read: {start}"))
    })
}

fn told<T: Serialize>(value: &T, problems: Diagnostics, ended: Ended) -> Answer {
    #[derive(Serialize)]
    struct Whole<'v, T> {
        #[serde(flatten)]
        value: &'v T,
        problems: &'v Diagnostics,
    }
    let json = serde_json::to_string(&Whole { value, problems: &problems });
    // The types hold nothing that JSON cannot, so the fallback is never taken.
    Answer { json: json.unwrap_or_else(|_| "{\"problems\":[]}".to_owned()), problems, ended }
}

/// An answer of problems alone.
#[derive(Serialize)]
struct Nothing {}

/// Characters of a reader's message: it may quote the request.
const MESSAGE_CHARS: usize = 400;

/// Several words: a JSON list, or one text with commas or line breaks between them, as people write
/// a list into a workflow.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum List {
    Words(Vec<String>),
    Text(String),
}

/// A number, as such or as a text; nothing when the text is blank.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Number {
    Number(u64),
    Text(String),
}

/// Yes or no, as such or as a text; no when the text is blank.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Switch {
    Bool(bool),
    Text(String),
}

impl Default for List {
    fn default() -> Self {
        Self::Words(Vec::new())
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Default for Switch {
    fn default() -> Self {
        Self::Bool(false)
    }
}

impl List {
    fn words(&self) -> Vec<String> {
        match self {
            Self::Words(words) => words.clone(),
            Self::Text(text) => {
                let words = text.split([',', '\n']).map(str::trim);
                words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
            }
        }
    }

    /// The words as values; one problem each for those that are none.
    fn read<T: std::str::FromStr>(&self, what: &str, problems: &mut Diagnostics) -> Vec<T>
    where
        T::Err: std::fmt::Display,
    {
        let mut values = Vec::new();
        for word in self.words() {
            match word.parse() {
                Ok(value) => values.push(value),
                Err(_) => {
                    let message = format!("`{}` is no {what}", shown(&word));
                    problems.push(Diagnostic::new(&codes::REQUEST_VALUE, message));
                }
            }
        }
        values
    }
}

impl Number {
    fn read(&self, what: &str) -> Result<Option<usize>, Diagnostic> {
        let wrong = |text: &str| {
            let message = format!("`{what}` is `{}`, expected a number", shown(text));
            Diagnostic::new(&codes::REQUEST_VALUE, message)
        };
        match self {
            Self::Number(number) => {
                usize::try_from(*number).map(Some).map_err(|_| wrong(&number.to_string()))
            }
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => text.trim().parse().map(Some).map_err(|_| wrong(text)),
        }
    }
}

impl Switch {
    fn read(&self, what: &str) -> Result<bool, Diagnostic> {
        match self {
            Self::Bool(value) => Ok(*value),
            Self::Text(text) => match text.trim() {
                "true" => Ok(true),
                "" | "false" => Ok(false),
                other => {
                    let other = shown(other);
                    let message = format!("`{what}` is `{other}`, expected `true` or `false`");
                    Err(Diagnostic::new(&codes::REQUEST_VALUE, message))
                }
            },
        }
    }
}

/// The start of a foreign text.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
