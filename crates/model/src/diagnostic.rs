//! Diagnostics: what is wrong, where, and what to do about it.
//!
//! One list, collected to the end, so that no problem hides another. How a list is shown on a
//! terminal, as a workflow annotation or as JSON stands in this room's `Display` and `serde`.

mod annotation;
mod context;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Code, Severity, UnitId};
pub use context::Context;

/// A location in a file of the tree or of `dist/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// Path relative to the folder the work is about, with `/`.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 when the whole line is meant.
    pub column: usize,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// Where; absent when no file is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether it stops the work.
    pub severity: Severity,
    /// Its declared code.
    pub code: &'static Code,
    /// What is wrong: lower-case start, no full stop, literals in backticks.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// More for whoever reads it on this machine.
    #[serde(flatten)]
    pub context: Option<Box<Context>>,
}

/// A diagnostic as it was written to JSON. Its code may be one that this program does not declare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DiagnosticRecord {
    /// Where; absent when no file is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Whether it stops the work.
    pub severity: Severity,
    /// The name of its code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The units that it concerns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
}

/// All problems of one piece of work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Location {
    /// The file as a whole.
    #[must_use]
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0 }
    }

    /// Whether it is a name in some registry and no file: those have a colon, as in `sha256:…`.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.line == 0 && self.file.contains(':')
    }

    /// The location of byte `offset` in `text`, which is the content of `file`.
    #[must_use]
    pub fn at(file: impl Into<String>, text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(..end).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            file: file.into(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl Diagnostic {
    /// A diagnostic of `code`, with the severity that its declaration says, without a location or
    /// help.
    #[must_use]
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { location: None, severity: code.severity, code, message, help: None, context: None }
    }

    /// The same as a warning, where the code's own severity is another.
    #[must_use]
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(code, message) }
    }

    /// The same problem at `location`.
    #[must_use]
    pub fn at(self, location: Location) -> Self {
        Self { location: Some(location), ..self }
    }

    /// The same problem with advice.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same problem of the command `line`, whose output is in the file `log`.
    #[must_use]
    pub fn of_command(mut self, line: &str, log: &str) -> Self {
        let context = self.context.get_or_insert_default();
        context.command = line.to_owned();
        context.log = log.to_owned();
        self
    }

    /// The same problem of `units`.
    #[must_use]
    pub fn of_units(mut self, units: Vec<UnitId>) -> Self {
        self.context.get_or_insert_default().units = units;
        self
    }

    /// As one workflow command: see [`DiagnosticRecord::annotation`].
    #[must_use]
    pub fn annotation(&self) -> String {
        annotation::of(&DiagnosticRecord::from(self))
    }
}

impl DiagnosticRecord {
    /// As one workflow command, `::error file=…,line=…,col=…,title=…::…`, with the characters
    /// escaped that would end it or start another. A location in no repository, such as an image's
    /// reference, is part of the text: GitHub would look for a file of that name.
    #[must_use]
    pub fn annotation(&self) -> String {
        annotation::of(self)
    }

    /// The diagnostic that it is a record of, where its code is one of `codes`.
    #[must_use]
    pub fn restore(self, codes: &[&'static Code]) -> Option<Diagnostic> {
        let code = codes.iter().find(|code| code.name == self.code)?;
        let Self { location, severity, message, help, units, .. } = self;
        let problem = Diagnostic { location, severity, code, message, help, context: None };
        Some(if units.is_empty() { problem } else { problem.of_units(units) })
    }
}

impl From<&Diagnostic> for DiagnosticRecord {
    /// What of it is true on any machine.
    fn from(problem: &Diagnostic) -> Self {
        Self {
            location: problem.location.clone(),
            severity: problem.severity,
            code: problem.code.name.to_owned(),
            message: problem.message.clone(),
            help: problem.help.clone(),
            units: problem.context.as_ref().map(|more| more.units.clone()).unwrap_or_default(),
        }
    }
}

impl Diagnostics {
    /// No problem.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, problem: Diagnostic) {
        self.0.push(problem);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    /// Whether there is at least one error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In order of file, line and column, those without a location last; equal ones once.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| (a.location.is_none(), a).cmp(&(b.location.is_none(), b)));
        self.0.dedup();
        self
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.file).replace('\n', "\\n"))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        let kind = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{kind}[{}]: {}", self.code, lined(&self.message))?;
        if let Some(context) = &self.context {
            write!(f, "{context}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", lined(help))?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// Further lines start with a mark of ours: a runner takes a line that starts with `::` for a
/// command, and a person one that starts with a place for another problem.
fn lined(text: &str) -> String {
    printable(text).replace('\n', "\n  | ")
}

/// Control characters, and those that turn the direction of text, could rewrite a terminal or a
/// log, so they are shown escaped; newlines and tabs stay.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}');
            let keep = c == '\n' || c == '\t' || !(turns || c.is_control());
            let escaped = (!keep).then(|| c.escape_default());
            keep.then_some(c).into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Class;

    const fn code(name: &'static str) -> Code {
        Code { name, class: Class::Invalid, severity: Severity::Error }
    }

    static A: Code = code("a");
    static B: Code = code("b");
    static X: Code = code("x");

    #[test]
    fn a_location_counts_lines_and_characters_from_one() {
        let text = "a\nßb\n";
        let check = |offset, line, column| {
            let location = Location::at("f", text, offset);
            assert_eq!((location.line, location.column), (line, column), "offset {offset}");
        };
        check(0, 1, 1);
        check(2, 2, 1);
        check(3, 2, 1);
        check(4, 2, 2);
        check(99, 3, 1);
    }

    #[test]
    fn an_annotation_cannot_be_broken_out_of() {
        let problem = Diagnostic::new(&X, "50%\n::set-output name=a::b")
            .at(Location { file: "a,b:c".to_owned(), line: 2, column: 3 })
            .help("do\rthis");
        assert_eq!(
            problem.annotation(),
            "::error file=a%2Cb%3Ac,line=2,col=3,title=x::\
             50%25%0A::set-output name=a::b%0Ahelp: do%0Dthis"
        );
    }

    #[test]
    fn an_annotation_names_no_file_that_is_none() {
        let problem = Diagnostic::new(&X, "m").at(Location::file("r.io/o/a@sha256:00"));
        assert_eq!(problem.annotation(), "::error title=x::r.io/o/a@sha256:00: m");
    }

    #[test]
    fn a_foreign_line_cannot_pass_for_one_of_ours() {
        let problem = Diagnostic::new(&X, "the name `a\n::stop-commands::b`")
            .at(Location::file("a\n::stop-commands::b"))
            .help("see `\u{202e}c`\nz: error[y]: w");
        let expected = "a\\n::stop-commands::b: error[x]: the name `a\n  | ::stop-commands::b`\n  \
                        help: see `\\u{202e}c`\n  | z: error[y]: w";
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn what_a_problem_concerns_is_told_between_its_words_and_its_help() {
        let unit = |number: usize| UnitId(format!("a/b/{number}"));
        let problem = Diagnostic::new(&X, "failed:\nwhy").help("do this");
        let shown = problem.clone().of_units(vec![unit(1), unit(2)]).of_command("cd x && y", "/l");
        let expected = "error[x]: failed:\n  | why\n  units: a/b/1, a/b/2\n  command: cd x && y\n  \
                        log: /l\n  help: do this";
        assert_eq!(shown.to_string(), expected);
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!((&json["units"][1], &json["log"]), (&"a/b/2".into(), &"/l".into()));
        let many = problem.of_units((0..12).map(unit).collect()).to_string();
        assert!(many.contains("a/b/9, and 2 more\n  help"), "{many}");
    }

    #[test]
    fn control_characters_are_shown_escaped() {
        let problem = Diagnostic::warning(&X, "bell \u{7} and \u{1b}[31m").help("none");
        let expected = "warning[x]: bell \\u{7} and \\u{1b}[31m\n  help: none";
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn problems_with_a_location_come_first_and_equal_ones_once() {
        let placed = Diagnostic::new(&B, "m").at(Location::file("z"));
        let bare = Diagnostic::new(&A, "m");
        let list = Diagnostics(vec![bare.clone(), placed.clone(), bare.clone()]).sorted();
        assert_eq!(list.0, [placed, bare]);
    }
}
