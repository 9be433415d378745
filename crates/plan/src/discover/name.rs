//! Names for entries: valid in every format, and no two alike.

use std::collections::BTreeSet;

use format::{ProposedPackage, plain_name};
use model::limits::MAX_NAME_CHARS;

/// Room kept for what makes a name unique, and for a suffix.
const RESERVED_CHARS: usize = 16;

/// `text` as a name that packages, files and images can have.
pub(super) fn valid(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = text.chars().all(plain);
    let mapped: String = if fits { text.to_owned() } else { text.chars().map(keep).collect() };
    let short: String = mapped.chars().take(MAX_NAME_CHARS - RESERVED_CHARS).collect();
    let trimmed = short.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if trimmed.is_empty() { "package".to_owned() } else { trimmed.to_owned() }
}

/// Gives each package a name of its own; those that come first keep theirs.
pub(super) fn make_unique(packages: &mut [ProposedPackage]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for package in packages {
        let (wanted, kind) = (valid(&package.name), package.kind);
        let numbered = (2..).map(|number| format!("{wanted}-{kind}-{number}"));
        let candidates = [wanted.clone(), format!("{wanted}-{kind}")].into_iter().chain(numbered);
        let free = |name: &String| taken.insert(plain_name(name));
        package.name = { candidates }.find(free).unwrap_or(wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_valid_name() {
        for (text, expected) in [
            ("a b/ü", "a-b"),
            ("-x-", "x"),
            ("", "package"),
            ("My_App.2", "My_App.2"),
            ("@scope/pkg", "scope-pkg"),
        ] {
            assert_eq!(valid(text), expected);
            assert_eq!(model::file_name_problem(&valid(text)), None);
        }
    }

    #[test]
    fn equal_names_are_told_apart_by_what_they_are() {
        let package = |name: &str, kind| ProposedPackage {
            name: name.to_owned(),
            kind,
            ..ProposedPackage::default()
        };
        let mut packages =
            [package("a", ""), package("A", "chart"), package("a", "chart"), package("a", "chart")];
        make_unique(&mut packages);
        let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["a", "A-chart", "a-chart-2", "a-chart-3"]);
    }
}
