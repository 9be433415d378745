//! What may be a package's name and a path in the tree, and when two Python names are the same.

use crate::limits::MAX_NAME_CHARS;

/// Why `name` cannot name a package, a binary or an image; nothing when it can.
///
/// Allowed is what every format's file names allow: ASCII letters and digits, with `-`, `_` and `.`
/// between them.
#[must_use]
pub fn file_name_problem(name: &str) -> Option<&'static str> {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() {
        Some("is empty")
    } else if name.chars().count() > MAX_NAME_CHARS {
        Some("is longer than 128 characters")
    } else if !name.chars().all(inner) {
        Some("holds a character that is not a letter, a digit, `-`, `_` or `.`")
    } else if !ends(name.chars().next()) || !ends(name.chars().last()) {
        Some("must start and end with a letter or a digit")
    } else {
        None
    }
}

/// Whether `part` can be one part of a name in a registry (OCI distribution-spec, "name").
#[must_use]
pub fn registry_part_fits(part: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let mut separators = part.split(word).filter(|separator| !separator.is_empty());
    let ends = part.starts_with(word) && part.ends_with(word);
    let dashes = |text: &str| text.chars().all(|c| c == '-');
    ends && separators.all(|text| matches!(text, "." | "_" | "__") || dashes(text))
}

/// Why `path` cannot be a path in the tree; nothing when it can. `.` is the tree itself.
#[must_use]
pub fn path_problem(path: &str) -> Option<&'static str> {
    if path == "." {
        return None;
    }
    if path.is_empty() {
        Some("is empty")
    } else if path.starts_with('/') || path.contains(':') {
        Some("is not relative to the tree")
    } else if path.contains('\\') {
        Some("must use `/`, not `\\`")
    } else if path.chars().any(char::is_control) {
        Some("holds a control character")
    } else if path.starts_with('-') {
        Some("starts with a dash, which tools would take for an option")
    } else if path.split('/').any(|part| part == "..") {
        Some("leaves the tree")
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some("has an empty or `.` part")
    } else {
        None
    }
}

/// The normal form of a Python project's name: `re.sub(r"[-_.]+", "-", name).lower()` (PEP 503,
/// "Normalized Names"). Two spellings mean one project when their normal forms are equal.
///
/// A dash at an end is kept, as the specification has it, though no valid name has one.
#[must_use]
pub fn normalized_python_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut in_run = false;
    for c in name.chars() {
        let separator = matches!(c, '-' | '_' | '.');
        if !separator {
            normal.push(c);
        } else if !in_run {
            normal.push('-');
        }
        in_run = separator;
    }
    normal.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_names_have_one_normal_form() {
        for (name, expected) in [
            ("friendly-bard", "friendly-bard"),
            ("Friendly-Bard", "friendly-bard"),
            ("FRIENDLY-BARD", "friendly-bard"),
            ("friendly.bard", "friendly-bard"),
            ("friendly_bard", "friendly-bard"),
            ("friendly--bard", "friendly-bard"),
            ("FrIeNdLy-._.-bArD", "friendly-bard"),
            ("foo.....bar", "foo-bar"),
            ("1--1", "1-1"),
            ("_leading", "-leading"),
            ("--leading", "-leading"),
            ("trailing.", "trailing-"),
            ("trailing-_.", "trailing-"),
            ("-", "-"),
            ("...", "-"),
            ("", ""),
            ("hi\n", "hi\n"),
            ("BÄR", "bär"),
        ] {
            assert_eq!(normalized_python_name(name), expected, "{name:?}");
        }
    }

    #[test]
    fn names_that_some_format_cannot_hold_are_refused() {
        let long = "a".repeat(129);
        for name in ["", " ", "a b", "a\nb", "-a", "a-", ".a", "ä", "a/b", "..", long.as_str()] {
            assert!(file_name_problem(name).is_some(), "{name:?} was accepted");
        }
        for name in ["a", "mcp-server-time", "A.b_c-1", "0"] {
            assert_eq!(file_name_problem(name), None, "{name:?} was refused");
        }
    }

    #[test]
    fn paths_that_leave_the_tree_are_refused() {
        for path in ["", "/etc", "a/../b", "..", "a//b", "./a", "a\\b", "C:x", "-a", "a\nb", "a/"] {
            assert!(path_problem(path).is_some(), "{path:?} was accepted");
        }
        for path in [".", "a", "a/b c", "a/..b", "ä"] {
            assert_eq!(path_problem(path), None, "{path:?} was refused");
        }
    }
}
