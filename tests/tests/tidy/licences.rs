//! Every crate we build with has a licence on deny.toml's list: the part of `cargo deny` that needs
//! no network.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use super::edges::metadata;
use super::tree::root;

/// The allowed licences, and each crate's own expression.
pub struct Given {
    pub allowed: BTreeSet<String>,
    pub crates: BTreeMap<String, String>,
}

pub fn check(given: &Given) -> Vec<String> {
    let refused = |expression: &str| !is_allowed(expression, &given.allowed);
    let wrong = given.crates.iter().filter(|(_, expression)| refused(expression));
    wrong.map(|(name, expression)| format!("{name}: `{expression}` is not on the list")).collect()
}

impl Given {
    pub fn of_the_workspace() -> Self {
        let deny: toml::Table =
            fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
        let listed = deny["licenses"]["allow"].as_array().unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = metadata();
        let crates = metadata["packages"].as_array().unwrap();
        let mut crates: BTreeMap<String, String> =
            crates.iter().map(|given| (text(&given["name"]), text(&given["license"]))).collect();
        crates.extend(of_wasm());
        Self {
            allowed: listed.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
            crates,
        }
    }
}

/// The crates that the WASM modules are built from, some of which are built for nothing else, with
/// their licences.
pub fn of_wasm() -> BTreeMap<String, String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["tree", "--locked", "--package", "package-actions-wasm", "--prefix", "none"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--edges", "normal,build"]);
    let told = cargo.args(["--format", "{p}|{l}"]).current_dir(root()).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let text = String::from_utf8(told.stdout).unwrap();
    let row = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        // `(*)` marks what was shown before.
        let licence = licence.trim_end_matches(" (*)").to_owned();
        Some((package.split(' ').next()?.to_owned(), licence))
    };
    text.lines().filter_map(row).collect()
}

/// An SPDX expression as crates write them: every `AND` part needs one `OR` part on the list. The
/// old `/` means OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let parts = split_outside(expression, " AND ");
    parts.iter().all(|part| {
        let part = part.trim();
        match part.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            Some(inner) => is_allowed(inner, allowed),
            None => {
                let slash = part.replace('/', " OR ");
                let choices = split_outside(&slash, " OR ");
                let one = |choice: &String| match choice.strip_prefix('(') {
                    Some(_) => is_allowed(choice, allowed),
                    None => allowed.contains(choice.as_str()),
                };
                choices.iter().any(one)
            }
        }
    })
}

/// Splits where the word stands outside of brackets.
fn split_outside(text: &str, word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match rest.strip_prefix(word) {
            Some(after) if depth == 0 => {
                parts.push(String::new());
                rest = after;
            }
            _ => {
                parts.last_mut().unwrap().push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_that_is_not_on_the_list_is_found() {
        let check = |expression: &str, expected: bool| {
            let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"].map(str::to_owned).into();
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        };
        check("MIT", true);
        check("GPL-3.0", false);
        check("", false);
        check("MIT OR GPL-3.0", true);
        check("GPL-3.0/MIT", true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND GPL-3.0", false);
        check("GPL-3.0 OR (MIT AND Apache-2.0)", true);
        check("GPL-3.0 OR (MIT AND LGPL-3.0)", false);
    }
}
