//! Crates, modules and types are called what a reader of the specifications, or any Rust
//! programmer, would call them.

use proc_macro2::{TokenStream, TokenTree};

use super::source;
use super::tree::{Finding, Tree, at};

/// Names that need an explanation.
const BANNED: &[&str] = &[
    "room",
    "house",
    "door",
    "bill",
    "faithful",
    "guard",
    "settle",
    "place",
    "world",
    "outside",
    "knowledge",
    "small",
    "lane",
    "gone",
    "echo",
    "pace",
    "patience",
    "row",
    "age",
    "crew",
    "ground",
    "spot",
    "site",
    "bench",
    "lack",
    "trouble",
];

/// Where one of them is the right word.
const EXCEPTIONS: &[(&str, &str)] = &[
    // It measures: what Rust calls a bench.
    ("xtask/src/bench.rs", "bench"),
];

/// What stands before the name of what it declares.
const TYPES: &[&str] = &["struct", "enum", "trait", "type", "union"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    // The examples are named in the manner of those whose releases they stand for.
    let ours = |path: &&str| !path.starts_with("examples/") && !path.contains("/fixtures/");
    for (path, text) in tree.texts("rs").filter(|(path, _)| ours(path)) {
        found.extend(name_of_file(path));
        let tokens: TokenStream = text.parse().unwrap_or_default();
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        found.extend(declared(path, &tokens));
    }
    for (path, text) in tree.texts("toml").filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let names = text.lines().enumerate().filter_map(|(index, line)| {
            let name = line.strip_prefix("name = \"")?.strip_suffix('"')?;
            problem(path, index + 1, "crate", name)
        });
        found.extend(names.filter(|_| ours(&path)));
    }
    found
}

fn name_of_file(path: &str) -> Option<Finding> {
    let stem = path.rsplit('/').next()?.strip_suffix(".rs")?;
    problem(path, 0, "module", stem)
}

/// The types and inline modules among the tokens.
fn declared(path: &str, tokens: &[TokenTree]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                found.extend(declared(path, &group.stream().into_iter().collect::<Vec<_>>()));
            }
            TokenTree::Ident(keyword) => {
                let keyword = keyword.to_string();
                if let Some(TokenTree::Ident(name)) = tokens.get(index + 1) {
                    let line = name.span().start().line;
                    let name = name.to_string();
                    if TYPES.contains(&keyword.as_str()) {
                        found.extend(problem(path, line, "type", &name));
                    } else if keyword == "mod" && !is_file(tokens.get(index + 2)) {
                        found.extend(problem(path, line, "module", &name));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// `mod a;`: its file is found by itself.
fn is_file(after: Option<&TokenTree>) -> bool {
    source::is_mark(after, ';')
}

fn problem(path: &str, line: usize, kind: &str, name: &str) -> Option<Finding> {
    let lower = name.to_lowercase();
    let is = |word: &&&str| lower == **word || lower.strip_suffix('s') == Some(**word);
    let word = BANNED.iter().find(is)?;
    let fine = EXCEPTIONS.iter().any(|(file, allowed)| path == *file && lower == *allowed);
    (!fine).then(|| at(path, line, format!("{kind} `{name}`: not {word}, but what it is")))
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn names_that_a_stranger_does_not_know_are_found() {
        expect(check, "crates/a/src/rooms.rs", "", &[0]);
        expect(check, "crates/a/src/bedrooms.rs", "", &[]);
        expect(
            check,
            "crates/a/src/a.rs",
            "pub struct World;\nmod b {\n  enum Doors {}\n}\n",
            &[1, 3],
        );
        expect(
            check,
            "crates/a/src/a.rs",
            "trait A { type Place; }\nmod settle {}\nmod guard;\n",
            &[1, 2],
        );
        expect(
            check,
            "crates/a/src/a.rs",
            "struct Worldly;\nlet place = 1;\nfn settle() {}\n",
            &[],
        );
        expect(check, "crates/a/Cargo.toml", "[package]\nname = \"doors\"\n", &[2]);
        expect(check, "xtask/src/bench.rs", "", &[]);
        expect(check, "examples/a/src/echo.rs", "struct Room;", &[]);
    }
}
