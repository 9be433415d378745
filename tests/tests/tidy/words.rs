//! What source must not say (markers of unfinished work, code in comments) and what each module
//! must (what it is).

use super::tree::{Finding, Tree, at};

/// Markers of unfinished work, spelled so that this list does not find itself.
const MARKERS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("HA", "CK"),
    concat!("XX", "X"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("dbg", "!("),
];

/// Files that people write code in.
const SOURCE: &[&str] = &["rs", "mjs", "js", "ts", "py", "go", "sh", "yml", "yaml", "toml"];

/// How a line of code that was commented out starts.
const CODE: &[&str] = &[
    "let ", "fn ", "pub ", "use ", "if ", "for ", "while ", "match ", "return ", "assert", "}",
    "#[",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for extension in SOURCE {
        for (path, text) in tree.texts(extension) {
            found.extend(markers(path, text));
        }
    }
    for (path, text) in tree.texts("rs") {
        let says_it_by_name = path.ends_with("/tests.rs");
        if !text.is_empty() && !says_it_by_name && !opens_with_its_purpose(text) {
            found.push(at(path, 1, "starts without `//!`: say what this room does"));
        }
        found.extend(commented_out(path, text));
    }
    found
}

fn markers(path: &str, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for marker in MARKERS.iter().filter(|marker| holds_word(line, marker)) {
            found.push(at(
                path,
                index + 1,
                format!("`{marker}` is left over: finish it or file it"),
            ));
        }
    }
    found
}

/// Whether the marker stands in the line, not as a part of a longer word (a base64 text may hold
/// any letters).
fn holds_word(line: &str, marker: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(marker).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + marker.len()..).and_then(|text| text.chars().next());
        let open_ended = marker.ends_with('(');
        !before.is_some_and(inside) && (open_ended || !after.is_some_and(inside))
    })
}

fn opens_with_its_purpose(text: &str) -> bool {
    let first =
        text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("#!["));
    first.is_some_and(|line| line.starts_with("//!"))
}

fn commented_out(path: &str, text: &str) -> Vec<Finding> {
    let is_code = |line: &str| {
        let rest = line.trim_start().strip_prefix("// ")?.trim();
        let starts = CODE.iter().any(|start| rest.starts_with(start));
        (starts && rest.ends_with([';', '{', '}', ']'])).then_some(())
    };
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| is_code(line).map(|()| index + 1));
    found.map(|line| at(path, line, "code in a comment: git remembers it")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn left_over_markers_are_found() {
        for marker in MARKERS {
            expect(check, "a.rs", &format!("//! X.\nx {marker}x)\n").replace("x)", " x)"), &[2]);
        }
        expect(check, "a.py", &format!("# {}: later\n", MARKERS[0]), &[1]);
        expect(
            check,
            "a.rs",
            &format!("//! A word in {}base64 or _{}.\n", MARKERS[3], MARKERS[3]),
            &[],
        );
        expect(check, "a.bin", MARKERS[0], &[]);
    }

    #[test]
    fn a_module_that_does_not_say_what_it_is_is_found() {
        expect(check, "a.rs", "#![allow(x)]\n\n//! What it does.\nfn f() {}\n", &[]);
        expect(check, "room/tests.rs", "use super::*;\n", &[]);
        expect(check, "a.rs", "// Not a module's words.\n", &[1]);
        expect(check, "a.rs", "use std::fs;\n//! Too late.\n", &[1]);
    }

    #[test]
    fn code_in_comments_is_found() {
        expect(check, "a.rs", "//! X.\n// let x = 1;\n    // if x {\n", &[2, 3]);
        expect(check, "a.rs", "//! X.\n// if it fails, we go on; return what is there.\n", &[]);
        expect(check, "a.rs", "//! X.\n/// let it be;\n", &[]);
    }
}
