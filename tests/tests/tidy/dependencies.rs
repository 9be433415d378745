//! Every crate of somebody else's has its line, with its licence, in the decision on dependencies;
//! and no line outlives its crate.

use std::collections::BTreeMap;
use std::fs;

use super::edges::metadata_with;
use super::licences::of_wasm;
use super::tree::root;

/// Where the reasons stand.
const REASONS: &str = "docs/decisions/0003-dependencies.md";

/// What the workspace uses and what is written about it.
pub struct Given {
    /// Each direct dependency and the licences of its versions.
    pub used: BTreeMap<String, Vec<String>>,
    /// Each line of the table: crate, licence.
    pub written: BTreeMap<String, String>,
}

pub fn check(given: &Given) -> Vec<String> {
    let mut found = Vec::new();
    for (name, licences) in &given.used {
        match given.written.get(name) {
            None => found.push(format!("{name}: has no line in {REASONS}")),
            Some(written) if !licences.contains(written) => {
                found.push(format!("{name}: is {}, not {written}", licences.join(" and ")));
            }
            Some(_) => {}
        }
    }
    let gone = given.written.keys().filter(|name| !given.used.contains_key(*name));
    found.extend(gone.map(|name| format!("{name}: has a line in {REASONS} and is not used")));
    found
}

impl Given {
    pub fn of_the_workspace() -> Self {
        let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
        let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
        let listed = manifest["workspace"]["dependencies"].as_table().unwrap();
        let others = listed.iter().filter(|(_, value)| value.get("path").is_none());
        let mut used: BTreeMap<String, Vec<String>> =
            others.map(|(name, _)| (name.clone(), Vec::new())).collect();
        // Those that only a feature brings have their lines as well.
        for package in metadata_with(&["--all-features"])["packages"].as_array().unwrap() {
            let word = |key: &str| package[key].as_str().unwrap_or_default();
            if let Some(licences) = used.get_mut(word("name")) {
                licences.push(word("license").to_owned());
            }
        }
        for (name, licence) in of_wasm() {
            if let Some(licences) = used.get_mut(&name).filter(|known| known.is_empty()) {
                licences.push(licence);
            }
        }
        Self { used, written: table(&text(REASONS)) }
    }
}

/// First and third column of the lines that start with a crate's name in backticks.
fn table(text: &str) -> BTreeMap<String, String> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let name = cells.next()?.trim_end_matches('`').to_owned();
        Some((name, cells.nth(1)?.to_owned()))
    };
    text.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_its_reason_is_found() {
        let check = |used: &[(&str, &str)], text: &str, expected: &[&str]| {
            let used = used.iter().map(|(name, is)| ((*name).to_owned(), vec![(*is).to_owned()]));
            let given = Given { used: used.collect(), written: table(text) };
            let found = super::check(&given);
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for (found, start) in found.iter().zip(expected) {
                assert!(found.starts_with(start), "{found}");
            }
        };
        let line = "| crate | why | licence | tree |\n|---|---|---|---|\n| `a` | so | MIT | 0 |\n";
        check(&[("a", "MIT")], line, &[]);
        check(&[("a", "ISC")], line, &["a: is ISC, not MIT"]);
        check(&[("a", "MIT"), ("b", "MIT")], line, &["b: has no line"]);
        check(&[], line, &["a: has a line"]);
    }
}
