//! YAML, TOML and JSON parse; no crate of somebody else's is patched.

use granit_parser::Parser;

use super::tree::{Finding, Tree, at};

/// Folders of fixtures that are broken on purpose.
const BROKEN: &[&str] = &["broken", "hostile", "invalid"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in tree.all_texts().filter(|(path, _)| !is_broken_on_purpose(path)) {
        let (_, extension) = path.rsplit_once('.').unwrap_or(("", ""));
        let problem = match extension {
            "json" => {
                serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string())
            }
            "toml" => toml::from_str::<toml::Table>(text).err().map(|error| error.to_string()),
            "yaml" | "yml" if !is_template(path) => yaml_problem(text),
            _ => None,
        };
        found.extend(problem.map(|problem| at(path, 0, format!("does not parse: {problem}"))));
        if path.ends_with("Cargo.toml") {
            found.extend(patches(path, text));
        }
    }
    found
}

fn is_broken_on_purpose(path: &str) -> bool {
    path.split('/').any(|part| BROKEN.contains(&part))
}

/// A chart's templates are YAML only once rendered.
fn is_template(path: &str) -> bool {
    path.contains("/templates/")
}

fn yaml_problem(text: &str) -> Option<String> {
    Parser::new_from_str(text).find_map(|event| event.err().map(|error| error.to_string()))
}

fn patches(path: &str, text: &str) -> Vec<Finding> {
    let heads = [concat!("[pa", "tch"), "[replace"];
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| heads.iter().any(|head| line.starts_with(head)));
    lines.map(|(index, _)| at(path, index + 1, "patches a dependency behind its back")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn text_that_does_not_parse_is_found() {
        expect(check, "a.json", "{\"a\": 1}", &[]);
        expect(check, "a.json", "{\"a\": 1,}", &[0]);
        expect(check, "a.toml", "a = 1", &[]);
        expect(check, "a.toml", "a = 1\na = 2", &[0]);
        expect(check, "a.yml", "a: [1, 2]\n---\nb: x", &[]);
        expect(check, "a.yaml", "a: [1, 2\n", &[0]);
        expect(check, "charts/x/templates/a.yaml", "a: {{ .Values.x }", &[]);
        expect(check, "tests/fixtures/broken/a.toml", "a = ", &[]);
    }

    #[test]
    fn a_patched_dependency_is_found() {
        expect(check, "Cargo.toml", concat!("[package]\n[pa", "tch.crates-io]\n"), &[2]);
    }
}
