//! `.helmignore`: which files of a chart's folder are excluded from the package.
//!
//! Helm's own dialect, not git's (Helm's package `ignore`): patterns are Go's `filepath.Match`,
//! `**` is an error, the first rule that decides wins, and a rule `!x` excludes everything that is
//! *not* `x`. This module knows paths and rules; it must not know what a chart is.

mod glob;

use crate::codes;
use model::{Diagnostic, Location};

/// The rules of one `.helmignore`, with Helm's default rule at the end.
#[derive(Debug, Clone)]
pub struct Ignore {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    pattern: String,
    negated: bool,
    only_folders: bool,
    scope: Scope,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The pattern is matched with the whole path.
    Path,
    /// The pattern has no `/`, so it is matched with the last part of the path.
    BaseName,
}

/// Hidden files in `templates/` are never packed.
const DEFAULT_RULE: &str = "templates/.?*";

/// The most bytes of one line: the limit of Go's line scanner, and so of Helm.
const MAX_LINE_BYTES: usize = 64 * 1024 - 1;

impl Ignore {
    /// Reads the text of the `.helmignore` at `file`, a path for messages.
    ///
    /// # Errors
    /// For `**`, for a pattern that Go would not compile, and for a line that is too long.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for (index, line) in text.split('\n').enumerate() {
            let place = Location { file: file.to_owned(), line: index + 1, column: 0 };
            rules.extend(parse_rule(line).map_err(|problem| problem.at(place))?);
        }
        rules.extend(parse_rule(DEFAULT_RULE)?);
        Ok(Self { rules })
    }

    /// Whether the file at `path` is excluded, by a rule for it or for a folder above it.
    #[must_use]
    pub fn drops(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        folders.into_iter().any(|folder| self.matches(folder, true)) || self.matches(path, false)
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        for rule in &self.rules {
            let wrong_kind = rule.only_folders && !is_folder;
            let met = !wrong_kind && rule.meets(path);
            // A rule `!x` decides if it does not match: everything that is not `x` is excluded.
            if met != rule.negated {
                return true;
            }
        }
        false
    }
}

impl Rule {
    fn meets(&self, path: &str) -> bool {
        let subject = match self.scope {
            Scope::Path => path,
            Scope::BaseName => path.rsplit('/').next().unwrap_or(path),
        };
        // Go compiles only what it needs, so a malformed pattern may be noticed late: no match
        // then.
        glob::matches(&self.pattern, subject).unwrap_or(false)
    }
}

fn parse_rule(line: &str) -> Result<Option<Rule>, Diagnostic> {
    if line.len() > MAX_LINE_BYTES {
        return Err(Diagnostic::new(&codes::HELMIGNORE_LINE_TOO_LONG, "a line of 64 KiB or more")
            .help("`helm` refuses it as well: shorten the line"));
    }
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    if line.contains("**") {
        let message = format!("`{line}` uses `**`, which Helm's ignore files do not know");
        return Err(Diagnostic::new(&codes::HELMIGNORE_DOUBLE_STAR, message)
            .help("name the folder with a slash at the end (`docs/`), or one level at a time"));
    }
    if glob::matches(line, "abc").is_err() {
        let message = format!("`{line}` is not a pattern that Helm can read");
        return Err(Diagnostic::new(&codes::HELMIGNORE_PATTERN, message)
            .help("close every `[`, and write something after every `\\`"));
    }
    let (negated, rest) = match line.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (only_folders, rest) = match rest.strip_suffix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (scope, pattern) = match rest.strip_prefix('/') {
        Some(pattern) => (Scope::Path, pattern),
        None if rest.contains('/') => (Scope::Path, rest),
        None => (Scope::BaseName, rest),
    };
    Ok(Some(Rule { pattern: pattern.to_owned(), negated, only_folders, scope }))
}

#[cfg(test)]
mod tests;
