//! Names and modes of files: no drawers without a name, no `mod.rs`, no symlinks, executable only
//! what runs.

use super::tree::{Finding, Tree, at};

/// Names that say nothing of what is inside.
const BANNED: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "misc", "shared", "stuff"];

/// What an executable file starts with: a script's interpreter.
const SCRIPT: &[u8] = b"#!";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, file) in &tree.files {
        if file.symlink {
            found.push(at(path, 0, "a symlink: some file systems cannot hold one"));
        }
        if file.executable && !file.bytes.starts_with(SCRIPT) {
            found.push(at(path, 0, "executable, but starts with no `#!`"));
        }
        if path.rsplit('/').next() == Some(concat!("mod", ".rs")) {
            found.push(at(path, 0, "call it `room.rs` beside its folder `room/`"));
        }
        if !path.chars().all(|c| c.is_ascii_graphic()) {
            found.push(at(path, 0, "a name with blanks or beyond ASCII"));
        }
        // The example is written in the manner of those whose releases it stands for.
        if !path.starts_with("examples/") {
            let parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
            let banned = parts.filter(|part| BANNED.contains(part));
            found.extend(
                banned.map(|part| at(path, 0, format!("`{part}` says nothing of what is inside"))),
            );
        }
    }
    for (path, text) in tree.texts("rs") {
        found.extend(banned_modules(path, text));
    }
    found
}

fn banned_modules(path: &str, text: &str) -> Vec<Finding> {
    let name = |line: &str| {
        let rest = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let name = rest.strip_prefix("mod ")?.trim_end_matches([';', '{', ' ']);
        BANNED.contains(&name).then(|| format!("module `{name}` says nothing of what is inside"))
    };
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| Some(at(path, index + 1, name(line)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::{File, expect};
    use super::*;

    #[test]
    fn drawers_without_a_name_are_found() {
        expect(check, "crates/plan/src/units.rs", "mod tree;\n", &[]);
        expect(check, "crates/plan/src/utils.rs", "", &[0]);
        expect(check, "crates/helpers/src/lib.rs", "", &[0]);
        expect(check, concat!("src/room/mod", ".rs"), "", &[0]);
        expect(check, "src/lib.rs", "\nmod common;\n    pub mod misc {\n", &[2, 3]);
        expect(check, "examples/a/templates/_helpers.tpl", "", &[]);
        expect(check, "a b", "", &[0]);
    }

    #[test]
    fn symlinks_and_stray_executable_bits_are_found() {
        let check_file = |bytes: &[u8], executable, symlink, expected: usize| {
            let mut tree = Tree::default();
            tree.files.insert("x".to_owned(), File { bytes: bytes.to_vec(), executable, symlink });
            assert_eq!(check(&tree).len(), expected);
        };
        check_file(b"#!/bin/sh\n", true, false, 0);
        check_file(b"text", false, false, 0);
        check_file(b"text", true, false, 1);
        check_file(b"", false, true, 1);
    }
}
