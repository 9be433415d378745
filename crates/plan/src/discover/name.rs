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

/// Words that say nothing about what a repository ships: `repository` does.
const GENERIC: [&str; 36] = [
    "api",
    "app",
    "application",
    "backend",
    "bin",
    "binary",
    "build",
    "cli",
    "client",
    "cmd",
    "code",
    "command",
    "container",
    "deploy",
    "docker",
    "frontend",
    "go",
    "golang",
    "image",
    "lib",
    "main",
    "my-app",
    "myapp",
    "package",
    "pkg",
    "program",
    "project",
    "python",
    "root",
    "rust",
    "server",
    "service",
    "source",
    "src",
    "web",
    "workspace",
];

/// Names packages after the `repository` whose names say nothing: the one at the root, or the only
/// one, by its name, others with their own behind it. Distributions of Python and charts keep what
/// their manifests say: indexes and registries know them by it.
pub(super) fn make_specific(packages: &mut [ProposedPackage], repository: &str) {
    let is_generic = |name: &str| name == "." || GENERIC.contains(&plain_name(name).as_str());
    if is_generic(repository) {
        return;
    }
    let is_free = |package: &ProposedPackage| {
        !["python", "chart"].contains(&package.kind) && is_generic(&package.name)
    };
    let is_taken = packages.iter().any(|one| plain_name(&one.name) == plain_name(repository));
    let is_only = packages.iter().filter(|package| is_free(package)).count() == 1 && !is_taken;
    for package in packages.iter_mut().filter(|package| is_free(package)) {
        package.name = match package.folder.as_str() {
            "." => repository.to_owned(),
            _ if is_only => repository.to_owned(),
            _ => format!("{repository}-{}", package.name),
        };
    }
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
    fn a_name_that_says_nothing_gives_way_to_the_repositorys() {
        let check = |packages: &[(&str, &'static str, &str)], expected: &[&str]| {
            let package = |(name, kind, folder): &(&str, &'static str, &str)| ProposedPackage {
                name: (*name).to_owned(),
                kind,
                folder: (*folder).to_owned(),
                ..ProposedPackage::default()
            };
            let mut packages: Vec<ProposedPackage> = packages.iter().map(package).collect();
            make_specific(&mut packages, "forge");
            let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
            assert_eq!(names, expected);
        };
        check(&[("app", "go", ".")], &["forge"]);
        check(&[("image", "image", "."), ("docs", "image", "docs")], &["forge", "docs"]);
        check(&[("Main", "rust", "crates/main")], &["forge"]);
        check(
            &[("server", "go", "cmd/server"), ("client", "go", "cmd/client")],
            &["forge-server", "forge-client"],
        );
        check(&[("forge", "go", "."), ("server", "go", "cmd/server")], &["forge", "forge-server"]);
        check(&[("app", "python", "."), ("app", "chart", "chart")], &["app", "app"]);
        check(&[("tool", "go", ".")], &["tool"]);
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
