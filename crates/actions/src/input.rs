//! Inputs: `INPUT_<NAME>` variables, each read once as what it has to be.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;

use model::{Diagnostic, Digest, Format, Platform, Version};
use pipeline::Failure;
use release::{Selection, TagEvent, Tagged};

use crate::codes;
use crate::variables::Variables;

/// The inputs of one action.
pub(crate) struct Inputs<'s> {
    variables: &'s Variables,
    /// The inputs that the action has. What another step puts beside them is nobody's wish.
    declared: &'static [&'static str],
    /// The folder that diagnostics are about, relative to the workspace.
    folder: String,
}

/// Bytes of an input at most: a list of a thousand packages is under half of it.
const MAX_INPUT: usize = 64 << 10;

/// Bytes of an input that is one value: a path, a name.
const MAX_VALUE: usize = 4 << 10;

impl<'s> Inputs<'s> {
    /// Those of an action that has the inputs `declared`, in `variables`.
    pub(crate) fn of(variables: &'s Variables, declared: &'static [&'static str]) -> Self {
        Self { variables, declared, folder: ".".to_owned() }
    }

    /// That variables look like inputs which the action does not have.
    pub(crate) fn undeclared(&self) -> Vec<Diagnostic> {
        let known: BTreeSet<String> = self.declared.iter().map(|name| variable(name)).collect();
        let set = self.variables.names().filter(|name| name.starts_with("INPUT_"));
        let other = set.filter(|name| !known.contains(*name));
        let told = other.map(|name| {
            let shown: String = name.chars().take(80).collect();
            let message = format!("`{}` is not an input of this action", shown.escape_debug());
            let help = "it was not read: see which step writes it to `GITHUB_ENV`";
            Diagnostic::new(&codes::INPUT_UNDECLARED, message).help(help)
        });
        told.collect()
    }

    /// All variables of the action.
    pub(crate) fn variables(&self) -> &'s Variables {
        self.variables
    }

    /// The folder that diagnostics are about, relative to the workspace.
    pub(crate) fn shown_folder(&self) -> String {
        self.folder.clone()
    }

    /// A text of one line; nothing when it is empty.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&'s str>, Failure> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        if value.len() > MAX_VALUE {
            return Err(wrong(name, value, &format!("is longer than {MAX_VALUE} bytes"), ""));
        }
        if value.chars().any(char::is_control) {
            let help = "write it on one line";
            return Err(wrong(name, value, "holds a line break or a control character", help));
        }
        Ok(Some(value))
    }

    /// `true` or `false`; nothing when it is empty.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        match self.text(name)? {
            None => Ok(None),
            Some("true" | "True" | "TRUE") => Ok(Some(true)),
            Some("false" | "False" | "FALSE") => Ok(Some(false)),
            Some(value) => {
                Err(wrong(name, value, "is neither `true` nor `false`", "write one of them"))
            }
        }
    }

    /// Words between commas or line ends.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<String>, Failure> {
        self.split(name, &[',', '\n', '\r'], "separate words by commas or line ends")
    }

    /// Lines, which may hold commas.
    pub(crate) fn lines(&self, name: &str) -> Result<Vec<String>, Failure> {
        self.split(name, &['\n', '\r'], "write one word a line")
    }

    fn split(&self, name: &str, ends: &[char], help: &str) -> Result<Vec<String>, Failure> {
        let value = self.value(name)?.unwrap_or_default();
        let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if value.chars().any(control) {
            return Err(wrong(name, value, "holds a control character", help));
        }
        let words = value.split(ends).map(str::trim).filter(|word| !word.is_empty());
        Ok(words.map(str::to_owned).collect())
    }

    /// A value of one line that reads as a `T`.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>, Failure> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        let parsed = value.parse().map_err(|_| wrong(name, value, &format!("is not a {what}"), ""));
        parsed.map(Some)
    }

    /// A list whose words read as `T`s.
    pub(crate) fn parsed_list<T: FromStr>(
        &self,
        name: &str,
        help: &str,
    ) -> Result<Vec<T>, Failure> {
        let parse =
            |word: &String| word.parse().map_err(|_| wrong(name, word, "is not known", help));
        self.list(name)?.iter().map(parse).collect()
    }

    /// A digest that the action cannot do without.
    pub(crate) fn digest(&self, name: &str) -> Result<Digest, Failure> {
        let found = self.parsed(name, "digest of the form `sha256:<64 hex digits>`")?;
        found.ok_or_else(|| missing(name, "pass the output of the job before"))
    }

    /// The raw text, of several lines.
    pub(crate) fn value(&self, name: &str) -> Result<Option<&'s str>, Failure> {
        if !self.declared.contains(&name) {
            return Ok(None);
        }
        let value = self.variables.get(&variable(name)).map(str::trim);
        let Some(value) = value else { return Ok(None) };
        if value.len() > MAX_INPUT {
            return Err(wrong(name, value, &format!("is longer than {MAX_INPUT} bytes"), ""));
        }
        Ok(Some(value).filter(|value| !value.is_empty()))
    }

    /// The folder of the repository.
    pub(crate) fn directory(&mut self) -> Result<PathBuf, Failure> {
        let text = self.text("directory")?.unwrap_or(".").trim_end_matches('/');
        let text = text.strip_prefix("./").unwrap_or(text);
        self.folder = if text.is_empty() { ".".to_owned() } else { text.to_owned() };
        Ok(PathBuf::from(&self.folder))
    }

    /// Which part of the plan.
    pub(crate) fn selection(&self, formats: &[Format]) -> Result<Selection, Failure> {
        let formats = match formats {
            [] => self.parsed_list("formats", "choose from pypi, oci, helm, binary")?,
            own => own.to_vec(),
        };
        Ok(Selection {
            packages: self.list("packages")?,
            formats,
            platforms: self.platforms()?,
            max_legs: None,
            tagged: self.tagged()?,
        })
    }

    /// What the job that planned told, and the tag that started the run.
    fn tagged(&self) -> Result<Tagged, Failure> {
        let version = match self.text("tag-version")? {
            None => None,
            Some(text) => Some(Version::parse(text).map_err(|error| {
                let help = "pass the output `tag-version` of the job that planned";
                wrong("tag-version", text, &error.to_string(), help)
            })?),
        };
        let commit = self.variables.get("GITHUB_SHA").unwrap_or_default().to_owned();
        let pushed = self.variables.pushed_tag();
        let event = pushed.map(|tag| TagEvent { tag: tag.to_owned(), commit });
        Ok(Tagged { version, event })
    }

    /// The input `platforms`.
    pub(crate) fn platforms(&self) -> Result<Vec<Platform>, Failure> {
        let known = Platform::ALL.map(Platform::as_str).join(", ");
        self.parsed_list("platforms", &format!("choose from {known}"))
    }
}

/// The variable that an `action.yml` of ours hands an input on by.
fn variable(name: &str) -> String {
    format!("INPUT_{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// An input that is not what it has to be.
pub(crate) fn wrong(name: &str, value: &str, why: &str, help: &str) -> Failure {
    let shown: String = value.chars().take(80).collect();
    let more = if shown.len() < value.len() { "…" } else { "" };
    let message = format!("the input `{name}`: `{}{more}` {why}", shown.escape_debug());
    let problem = Diagnostic::new(&codes::INPUT_WRONG, message);
    Failure::usage(if help.is_empty() { problem } else { problem.help(help) })
}

/// An input that is not there.
pub(crate) fn missing(name: &str, help: &str) -> Failure {
    let problem = Diagnostic::new(&codes::INPUT_MISSING, format!("the input `{name}` is missing"));
    Failure::usage(problem.help(help))
}
