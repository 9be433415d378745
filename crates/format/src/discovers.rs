//! What a format finds in a tree that has no configuration yet: the packages that `init` proposes.

mod shipped;

use std::collections::BTreeSet;

use manifests::Manifests;
use model::{Class, Diagnostic, Version, path_problem};

use crate::keys::Key;

pub use shipped::is_template;

/// A format that finds packages to propose. It is a trait of its own so that a program that plans
/// and never proposes links none of it.
pub trait Discovers: Sync {
    /// Its key in `[[package]]`, whose value is a table.
    fn key(&self) -> &'static Key;

    /// Adds what it finds. Formats are asked in the order of their table, each knowing what those
    /// before it found.
    fn discover(&self, discovery: &mut Discovery<'_, '_>);

    /// Further pairs for the table of a package, once it is called `name`.
    fn pairs_for(&self, name: &str) -> Vec<Pair> {
        let _ = name;
        Vec::new()
    }
}

/// A key of a format's table, and its value in TOML.
pub type Pair = (&'static str, String);

/// A tree in which packages are looked for, and those that were found.
pub struct Discovery<'m, 't> {
    /// The tree's manifests.
    pub manifests: &'m Manifests<'t>,
    /// What was found so far.
    pub packages: Vec<ProposedPackage>,
    /// What a person should know: projects left out, and why.
    pub notes: Vec<String>,
    /// Folders that are part of a package and make none of their own.
    claimed: BTreeSet<String>,
}

/// A package to propose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposedPackage {
    /// The name it should have; made valid and unique before it is written.
    pub name: String,
    /// What sets it apart from another one of the same name: `go`, `chart`.
    pub kind: &'static str,
    /// The folder it lies in.
    pub folder: String,
    /// Why it is proposed, one comment a line.
    pub why: Vec<String>,
    /// The version in its own manifest, and that manifest's path.
    pub version: Option<(Version, String)>,
    /// Whether its build makes the version out of git.
    pub version_from_git: bool,
    /// The repository's address, as its manifest says it.
    pub repository: Option<String>,
    /// The tables of its formats, each at its format's key.
    pub tables: Vec<(&'static str, Vec<Pair>)>,
}

impl<'m, 't> Discovery<'m, 't> {
    /// Nothing found yet.
    #[must_use]
    pub fn new(manifests: &'m Manifests<'t>) -> Self {
        Self { manifests, packages: Vec::new(), notes: Vec::new(), claimed: BTreeSet::new() }
    }

    /// The files with one of these names, sorted, where a repository keeps what it ships.
    #[must_use]
    pub fn files(&self, names: &[&str]) -> Vec<&'m str> {
        let wanted = |file: &&str| names.contains(&file.rsplit('/').next().unwrap_or(file));
        let files = self.manifests.files().iter().map(String::as_str).filter(wanted);
        files.filter(|file| is_shipped(file)).collect()
    }

    /// Marks `folder` as part of a package that was found.
    pub fn claim(&mut self, folder: &str) {
        self.claimed.insert(folder.to_owned());
    }

    /// Whether `folder` is part of a package that was found.
    #[must_use]
    pub fn is_claimed(&self, folder: &str) -> bool {
        self.claimed.contains(folder)
    }

    /// Notes that what lies in `folder` is not proposed.
    pub fn leave_out(&mut self, folder: &str, problem: &Diagnostic) {
        // A manifest with nothing but a tool's settings is not a project.
        if problem.code.class != Class::Absent {
            self.notes.push(format!("left out `{folder}`: {}", problem.message));
        }
    }
}

/// Whether a repository ships what lies at `path`, by the names of its folders, and a configuration
/// can name it.
#[must_use]
pub fn is_shipped(path: &str) -> bool {
    !shipped::ignored(path) && path_problem(path).is_none()
}

/// A name in lower case, with single separators: equal for names that would clash as files or
/// images.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// A TOML basic string.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_clash_are_equal_when_plain() {
        assert_eq!(plain_name("My__App.-2"), "my-app-2");
        assert_eq!(plain_name("my-app.2"), "my-app-2");
    }

    #[test]
    fn any_text_is_a_string_of_toml() {
        for text in ["", "a\"b", "\\", "a\nb\u{7f}\u{0}", "é{{ }}"] {
            let line = format!("a = {}", quoted(text));
            assert_eq!(line.lines().count(), 1, "{line}");
        }
        assert_eq!(quoted("a\"]\n"), "\"a\\\"]\\u000A\"");
    }
}
