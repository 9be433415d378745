//! Every path that a Markdown document names exists: links, and words between backticks that start
//! at the root.

use super::tree::{Finding, Tree, at};

/// Folders that a run makes: a document may name what will stand there.
const MADE: &[&str] = &["dist", "target"];

/// Names that stand at the root and mean something else to a reader: folders of a release that are
/// called like the doors of their formats, and an action of GitHub's.
const OTHERS: &[&str] = &["binary/", "helm/", "oci/", "pypi/", "actions/attest"];

/// History names what was there then.
const HISTORY: &str = "CHANGELOG.md";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, text) in tree.texts("md").filter(|(path, _)| *path != HISTORY) {
        let mut fenced = false;
        for (index, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                let named = links(line).map(|link| resolve(path, link)).chain(spans(tree, line));
                let missing = named.filter(|name| !is_made(name) && !tree.has(name));
                found.extend(
                    missing.map(|name| at(path, index + 1, format!("`{name}` does not exist"))),
                );
            }
        }
    }
    found
}

/// The targets of `[text](target)` that point into the repository.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let inside = targets.filter(|target| !target.contains(':') && !target.starts_with('#'));
    inside.filter_map(|target| target.split('#').next()).filter(|target| !target.is_empty())
}

/// The link's target from the root, `..` taken away.
fn resolve(document: &str, link: &str) -> String {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let start = if link.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = start.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Words between backticks that are a path from the root: plain letters, a slash, and a first part
/// that stands there.
fn spans<'a>(tree: &'a Tree, line: &'a str) -> impl Iterator<Item = String> + 'a {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let spans = line.split('`').skip(1).step_by(2).filter(move |span| span.chars().all(plain));
    spans
        .filter(|span| {
            let first = span.split_once('/').map_or("", |(first, _)| first);
            let other = OTHERS.iter().any(|other| span.starts_with(other));
            !first.is_empty() && !other && tree.has(first)
        })
        .map(str::to_owned)
}

fn is_made(path: &str) -> bool {
    path.split('/').any(|part| MADE.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_does_not_exist_is_found() {
        let check = |line: &str, expected: &[&str]| {
            let tree = Tree::of(&[
                ("docs/guide.md", line),
                ("docs/reference/cli.md", ""),
                ("crates/plan/src/lib.rs", ""),
            ]);
            let found: Vec<String> = check(&tree).into_iter().map(|finding| finding.what).collect();
            let expected: Vec<String> =
                expected.iter().map(|name| format!("`{name}` does not exist")).collect();
            assert_eq!(found, expected, "{line}");
        };
        check(
            "[a](reference/cli.md#top) [b](../crates/plan) [c](https://example.com/x) [d](#x)",
            &[],
        );
        check("[a](gone.md)", &["docs/gone.md"]);
        check("[a](../gone/x.md)", &["gone/x.md"]);
        check("`crates/plan/src/lib.rs`, `crates/plan/`, `linux/amd64`, `crates/*/src`", &[]);
        check("`crates/plan/src/gone.rs` and `docs/dist/x`", &["crates/plan/src/gone.rs"]);
        let doors =
            Tree::of(&[("docs/guide.md", "`pypi/simple/` `oci/x`"), ("pypi/action.yml", "")]);
        assert_eq!(super::check(&doors), []);
        check("```\n`crates/gone`\n[a](gone.md)\n```\n[b](gone.md)", &["docs/gone.md"]);
    }
}
