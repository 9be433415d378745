//! At the root are modules and packages, under names that the project may claim in everyone's
//! site-packages.

use std::collections::BTreeSet;

use model::Diagnostic;

use super::wheel_members::data_folder;
use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_STRAY_TOP_LEVEL)],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

/// Names at the root of site-packages that no package means to own.
const STRAY: [&str; 12] = [
    "test",
    "tests",
    "doc",
    "docs",
    "example",
    "examples",
    "build",
    "dist",
    "scripts",
    "bin",
    "node_modules",
    "venv",
];

/// What modules end in, and the `.pth` files and libraries that packages lay beside them.
const MODULES: [&str; 7] = [".py", ".pyi", ".pth", ".so", ".pyd", ".dylib", ".dll"];

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let own = format!("{}/", wheel.dist_info);
    let data = data_folder(wheel);
    let inside = |path: &&str| !path.starts_with(&own) && !path.starts_with(&data);
    let paths = wheel.members.iter().map(|entry| entry.path.as_str());
    let stray: BTreeSet<&str> = paths.filter(inside).filter_map(stray).collect();
    let problem = |top| {
        let message = format!("`{top}` would land at the root of everyone's site-packages");
        let help = "leave it out of the wheel, in the build backend's configuration";
        Diagnostic::new(&codes::WHEEL_STRAY_TOP_LEVEL, message).help(help)
    };
    stray.into_iter().map(problem).collect()
}

/// The first part of `path` when it does not belong at the root.
fn stray(path: &str) -> Option<&str> {
    let (top, is_file) = path.split_once('/').map_or((path, true), |(top, _)| (top, false));
    let module = !is_file || MODULES.iter().any(|end| top.ends_with(end));
    (STRAY.contains(&top) || top.starts_with('.') || !module).then_some(top)
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn only_modules_and_packages_are_at_the_root() {
        let check = |paths: &[&str], expected: &[&str]| {
            let draft = paths.iter().fold(Draft::wheel(), |draft, path| draft.with(path, "x"));
            assert_eq!(draft.codes(), expected, "{paths:?}");
        };
        check(&["single.py", "stub.pyi", "a.pth", "demo_pkg/tests/a.py"], &[]);
        check(&["tests/test_a.py"], &["wheel-stray-top-level"]);
        check(&["tests/test_a.py", "tests/test_b.py"], &["wheel-stray-top-level"]);
        check(&["README.md"], &["wheel-stray-top-level"]);
        check(&["bin"], &["wheel-stray-top-level"]);
        check(&[".github/a.yml", ".hidden"], &["wheel-stray-top-level"; 2]);
        check(&["demo_pkg-1.0.0rc1.data/scripts/README.md"], &[]);
    }
}
