//! Values of requests in the forms that JSON and workflows write them: a program gives them as
//! what they are, a person as text.

use std::fmt::Display;
use std::str::FromStr;

use model::{Diagnostic, Diagnostics};
use serde::Deserialize;

use crate::codes;
use crate::shown;

/// Several values: a JSON list of words, or one text with commas or line breaks between them, as
/// people write a list into a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum List<T> {
    /// As a program has them.
    #[serde(skip_deserializing)]
    Values(Vec<T>),
    /// Words, each as it is.
    Words(Vec<String>),
    /// Words in one text.
    Text(String),
}

/// A number, as such or as a text; nothing when the text is blank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// As a number.
    Number(u64),
    /// As people write it.
    Text(String),
}

/// Yes or no, as such or as a text; no when the text is blank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Switch {
    /// As a truth value.
    Bool(bool),
    /// As people write it.
    Text(String),
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::Values(Vec::new())
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

impl<T> From<Vec<T>> for List<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Values(values)
    }
}

impl<T> From<&str> for List<T> {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<u64>> for Number {
    fn from(number: Option<u64>) -> Self {
        number.map_or_else(Self::default, Self::Number)
    }
}

impl From<&str> for Number {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<T: FromStr> List<T> {
    /// The values; one problem each for words that are not `what`.
    pub(crate) fn read(self, what: &str, problems: &mut Diagnostics) -> Vec<T> {
        let words = match self {
            Self::Values(values) => return values,
            Self::Words(words) => words,
            Self::Text(text) => split(&text),
        };
        let mut values = Vec::new();
        for word in words {
            match word.parse() {
                Ok(value) => values.push(value),
                Err(_) => {
                    let message = format!("`{}` is not a {what}", shown(&word));
                    problems.push(Diagnostic::new(&codes::REQUEST_VALUE, message));
                }
            }
        }
        values
    }
}

impl List<String> {
    /// The words.
    pub(crate) fn words(self) -> Vec<String> {
        match self {
            Self::Values(words) | Self::Words(words) => words,
            Self::Text(text) => split(&text),
        }
    }
}

fn split(text: &str) -> Vec<String> {
    let words = text.split([',', '\n']).map(str::trim);
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

impl Number {
    pub(crate) fn read(&self, what: &str) -> Result<Option<usize>, Diagnostic> {
        let wrong = |found: &dyn Display| {
            let found = shown(&found.to_string());
            let message = format!("`{what}` is `{found}`, expected a number");
            Diagnostic::new(&codes::REQUEST_VALUE, message)
        };
        match self {
            Self::Number(number) => usize::try_from(*number).map(Some).map_err(|_| wrong(number)),
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => text.trim().parse().map(Some).map_err(|_| wrong(text)),
        }
    }
}

impl Switch {
    pub(crate) fn read(&self, what: &str) -> Result<bool, Diagnostic> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_as_json_or_as_people_write_them() {
        let words = |list: &str| serde_json::from_str::<List<String>>(list).unwrap().words();
        assert_eq!(words(r#""a, b\n c,,""#), ["a", "b", "c"]);
        assert_eq!(words(r#"["a, b"]"#), ["a, b"]);
        assert!(words(r#"" \n ""#).is_empty());
    }
}
