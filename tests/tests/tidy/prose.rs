//! Text that users see is plain English in the field's terms: the strings of the product, its help,
//! the documents, and all that stands in actions and workflows.

use super::source;
use super::tree::{Finding, Tree, at};

/// Words and phrases that a native speaker would not write here, without their capitals.
const BANNED: &[&str] = &[
    "room",
    "rooms",
    "house",
    "houses",
    "door",
    "doors",
    "is no",
    "are no",
    "stands twice",
    "stands there twice",
    "stands in it twice",
    "takes it not",
    "takes them not",
    "is told",
    "are told",
    "hinders",
    "whoever",
    "shall find",
    "knows not",
];

/// Good English that holds one of them.
const FINE: &[&str] = &[
    "there is no",
    "there are no",
    "is no longer",
    "are no longer",
    "is no more than",
    "are no more than",
    "in-house",
    "make room",
    "room for",
    "the answer is no",
];

/// Where one of them is the right word: a path, and what surrounds it there.
const EXCEPTIONS: &[(&str, &str)] = &[
    // It quotes a field as it was called before.
    ("CHANGELOG.md", "instead of its `room`"),
];

/// Documentation that is printed: `--help` is made of it.
const PRINTED: &[&str] = &["crates/cli/src/"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in tree.all_texts().filter(|(path, _)| is_for_users(path)) {
        let lines = if path.ends_with(".rs") { strings(path, text) } else { numbered(text) };
        for (line, text, next) in lines {
            let words = banned(&text, &next).into_iter().filter(|_| !is_exception(path, &text));
            found.extend(words.map(|word| at(path, line, format!("`{word}` in \"{text}\""))));
        }
    }
    found
}

/// The product's source, documents, actions and workflows; neither tests nor examples.
fn is_for_users(path: &str) -> bool {
    let (_, extension) = path.rsplit_once('.').unwrap_or_default();
    let in_tests = path.split('/').any(|part| part == "tests") || path.ends_with("/tests.rs");
    let apart =
        ["examples/", "xtask/", "crates/forge/"].iter().any(|start| path.starts_with(start));
    ["rs", "md", "yml", "yaml"].contains(&extension) && !in_tests && !apart
}

/// Strings with their lines; nothing follows them.
fn strings(path: &str, text: &str) -> Vec<(usize, String, String)> {
    let printed = PRINTED.iter().any(|start| path.starts_with(start));
    let texts = source::texts(&source::tokens(text).unwrap_or_default(), printed);
    texts.into_iter().map(|text| (text.line, text.text, String::new())).collect()
}

/// Lines, each with the next one's words: a phrase may be broken between them.
fn numbered(text: &str) -> Vec<(usize, String, String)> {
    let lines = text.lines().zip(text.lines().skip(1).chain([""])).enumerate();
    let after = |next: &str| next.trim_start_matches([' ', '#', '-', '>', '|']).to_owned();
    lines.map(|(index, (line, next))| (index + 1, line.trim().to_owned(), after(next))).collect()
}

/// The phrases of [`BANNED`], in words of their own, that begin in `text`, and end there or in what
/// follows.
fn banned(text: &str, next: &str) -> Vec<&'static str> {
    let plain = |text: &str| {
        let lower = text.to_lowercase();
        lower.split_whitespace().map(|word| format!("{word} ")).collect::<String>()
    };
    let (own, next) = (plain(text), plain(next));
    let mut all = format!("{own}{next}");
    for fine in FINE {
        all = all.replace(fine, &"~".repeat(fine.len()));
    }
    let inside = |c: char| c.is_alphanumeric() || "_-/~".contains(c);
    let is_there = |phrase: &&&str| {
        all.match_indices(**phrase).any(|(start, _)| {
            let before = all.get(..start).and_then(|text| text.chars().next_back());
            let after = all.get(start + phrase.len()..).and_then(|text| text.chars().next());
            start < own.len() && ![before, after].into_iter().flatten().any(inside)
        })
    };
    BANNED.iter().filter(is_there).copied().collect()
}

fn is_exception(path: &str, text: &str) -> bool {
    EXCEPTIONS.iter().any(|(file, words)| path == *file && text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn phrases_that_no_native_speaker_writes_are_found() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(banned(text, ""), expected, "{text}");
        };
        check("`x` is not a valid version", &[]);
        check("`x` is no version", &["is no"]);
        check("make room for it in-house", &[]);
        check("There is no `x`, it is no longer made", &[]);
        check("Is no house", &["house", "is no"]);
        check("a warehouse, roomy, back_door, front-door, crates/doors", &[]);
        check("the doors of the four formats, and a \"room\"", &["room", "doors"]);
        check("`x` stands twice, and the\n  user is   told", &["stands twice", "is told"]);
    }

    #[test]
    fn strings_documents_and_actions_are_read_and_tests_are_not() {
        let source = "//! A room.\n/// A room.\nfn f() {\n    g(\"a room\"); // a room\n}\n";
        expect(check, "crates/plan/src/a.rs", source, &[4]);
        expect(check, "crates/cli/src/a.rs", source, &[1, 2, 4]);
        expect(check, "crates/plan/src/a/tests.rs", source, &[]);
        expect(check, "crates/plan/tests/a.rs", source, &[]);
        let tests = format!("#[cfg(test)]\nmod tests {{ {source} }}");
        expect(check, "crates/plan/src/b.rs", &tests, &[]);
        expect(check, "docs/a.md", "# A\n\nwhich is\nno version\n", &[3]);
        expect(check, "actions/a/action.yml", "runs:\n  # through the\n  # doors\n", &[3]);
        expect(check, "examples/a.md", "a room", &[]);
    }
}
