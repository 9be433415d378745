//! The bans hold where they must: clippy reads the nearest clippy.toml whole, so only rooms that do
//! I/O may have one of their own, and no pure room may switch a ban off.

use super::tree::{Finding, Tree, at};

/// Folders whose clippy.toml lifts the bans on files, processes, the environment and the clock.
const DO_IO: &[&str] = &[
    "crates/cli/",
    "crates/actions/",
    "crates/forge/",
    "crates/github/",
    "crates/http/",
    "crates/pipeline/",
    "crates/publish/",
    "crates/python-index/",
    "crates/registry/",
    "crates/signing/",
    "crates/tools/",
    "fuzz/",
    "tests/",
    "xtask/",
];

const CONFIG: &str = "clippy.toml";

/// How a ban is switched off in source, in parts so that this line is not found.
const SWITCH: &str = concat!("clippy::dis", "allowed_");

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    // The examples are workspaces of their own, with rules of their own.
    let does_io = |path: &str| {
        path.starts_with("examples/") || DO_IO.iter().any(|folder| path.starts_with(folder))
    };
    for path in tree.files.keys().filter(|path| path.ends_with("/clippy.toml") && !does_io(path)) {
        found.push(at(path, 0, "a pure room keeps the root's bans"));
    }
    for folder in DO_IO.iter().filter(|folder| tree.has(folder)) {
        if !tree.has(&format!("{folder}{CONFIG}")) {
            found.push(at(folder, 0, "a room that does I/O says so with a clippy.toml"));
        }
    }
    for (path, text) in tree.texts("rs").filter(|(path, _)| !does_io(path)) {
        let lines = text.lines().enumerate().filter(|(_, line)| line.contains(SWITCH));
        found.extend(lines.map(|(index, _)| at(path, index + 1, "a pure room keeps the bans")));
    }
    for (path, text) in tree.texts("toml").filter(|(path, _)| is_crate(path)) {
        if !text.contains("[lints]\nworkspace = true") {
            found.push(at(path, 0, "does not take the workspace's lints"));
        }
    }
    found
}

fn is_crate(path: &str) -> bool {
    path.starts_with("crates/") && path.ends_with("/Cargo.toml")
}

#[cfg(test)]
mod tests {
    use super::super::tree::expect;
    use super::*;

    #[test]
    fn a_lifted_ban_is_found() {
        let lints = "[lints]\nworkspace = true\n";
        expect(check, "crates/tools/clippy.toml", "", &[]);
        expect(check, "crates/tools/src/lib.rs", "", &[0]);
        expect(check, "examples/x/clippy.toml", "", &[]);
        expect(check, "crates/plan/clippy.toml", "", &[0]);
        expect(check, "crates/plan/Cargo.toml", lints, &[]);
        expect(check, "crates/plan/Cargo.toml", "[package]\n", &[0]);
        expect(check, "crates/plan/src/x.rs", &format!("\n#[allow({SWITCH}methods)]\n"), &[2]);
    }
}
