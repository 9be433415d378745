//! What strangers wrote is named by a commit, and says which version that is.

use crate::definitions::{Definition, Definitions, Kind, OWN, own_path};

/// The workflow that releases this project.
const SELF_RELEASE: &str = ".github/workflows/self-release.yml";

/// A stranger by its commit with its version beside it; one of ours by `$/` here, and by the tag
/// that people know in a template.
pub fn strangers_are_pinned(definitions: &Definitions) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all() {
        for call in file.calls() {
            let problem = problem(file, call.uses, file.line(call.line));
            found.extend(problem.map(|what| {
                file.finding(call.line, format!("`{}`: {what}", call.uses)) //
            }));
        }
    }
    found
}

fn problem(file: &Definition, uses: &str, line: &str) -> Option<&'static str> {
    if uses.starts_with("./") {
        // What lies in the workspace may be changed by any step before; CI makes it there.
        return (file.path != ".github/workflows/ci.yml").then_some("taken from the workspace");
    }
    if uses.starts_with("$/") {
        return (file.kind == Kind::Template).then_some("a copy cannot say `$/`");
    }
    let Some((name, reference)) = uses.split_once('@') else { return Some("names no commit") };
    if own_path(uses).is_some() {
        // This project is released by the actions of its last release.
        let outside = file.kind == Kind::Template || file.path == SELF_RELEASE;
        let tag = outside && reference == "v1";
        return (!tag).then_some("one of ours: `$/` here, `@v1` in a template");
    }
    if name.starts_with(OWN) {
        return Some("a name that looks like ours");
    }
    let commit = reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !commit {
        return Some("not pinned by its commit");
    }
    let version = line.split_once("# v").map_or("", |(_, version)| version);
    let parts: Vec<&str> = version.trim().split('.').collect();
    let whole = parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok());
    (!whole).then_some("says no version behind it, `# v1.2.3`")
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    #[test]
    fn what_is_not_pinned_is_found() {
        let commit = "a".repeat(40);
        let check = |path: &str, line: &str, expected: &[&str]| {
            let text = format!("jobs:\n  j:\n    steps:\n      - uses: {line}\n");
            expect(strangers_are_pinned, &[(path, &text)], expected);
        };
        let (ours, template) = (".github/workflows/w.yml", "workflows/w.yml");
        check(ours, &format!("a/b@{commit} # v1.2.3"), &[]);
        check(ours, &format!("a/b@{commit}"), &["no version"]);
        check(ours, &format!("a/b@{commit} # v1"), &["no version"]);
        check(ours, "a/b@v1", &["not pinned"]);
        check(ours, "a/b", &["names no commit"]);
        check(ours, "$/oci", &[]);
        check(ours, "./oci", &["workspace"]);
        check(ours, "contextforge-org/package-actions/oci@v1", &["one of ours"]);
        check(template, "contextforge-org/package-actions/oci@v1", &[]);
        check(template, "contextforge-org/package-actions/oci@main", &["one of ours"]);
        check(template, "contextforge-org/package-actions-x/oci@v1", &["looks like ours"]);
        check(template, "$/oci", &["copy"]);
    }
}
