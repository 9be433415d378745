//! What a hook leaves in git's own variables: the tree is the one in the folder, all the same.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::repository;
use product_tests::scratch::Scratch;

use super::installed::Installed;

fn git(folder: &Path, words: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=a", "-c", "user.email=a@b.example"]);
    Verdict::of(git.args(words)).accepted();
}

/// A repository with a file that is tracked although it is ignored: only the index knows it.
fn tracked_although_ignored(name: &str, file: &str) -> Scratch {
    let tree = Scratch::new(name).unwrap();
    fs::write(tree.join(file), "a\n").unwrap();
    fs::write(tree.join(".gitignore"), "*.o\n").unwrap();
    git(tree.path(), &["init", "-q"]);
    git(tree.path(), &["add", "--force", "."]);
    git(tree.path(), &["commit", "-qm", "a"]);
    tree
}

#[test]
fn the_callers_variables_choose_no_repository() {
    let Some(installed) = Installed::checkout() else { return };
    let own = tracked_although_ignored("own", "own.o");
    let other = tracked_although_ignored("other", "other.o");
    let inside = |path: &str| other.join(path).to_str().unwrap().to_owned();
    let script = repository::root().join("tests/tests/wasm/files.mjs");
    for (name, value) in [
        ("GIT_TRACE", "0".to_owned()),
        ("GIT_DIR", inside(".git")),
        ("GIT_INDEX_FILE", inside(".git/index")),
        ("GIT_COMMON_DIR", inside(".git")),
        ("GIT_OBJECT_DIRECTORY", inside(".git/objects")),
        ("GIT_WORK_TREE", inside("")),
        ("GIT_CONFIG_PARAMETERS", "'core.bare'='true'".to_owned()),
    ] {
        let mut node = installed.node(&script);
        node.arg(installed.join("")).arg(own.path()).env(name, &value);
        assert_eq!(Verdict::of(&mut node).accepted().stdout, ".gitignore\nown.o\n", "{name}");
    }
}

#[test]
fn git_is_given_nothing_but_what_it_needs() {
    let Some(installed) = Installed::checkout() else { return };
    let own = tracked_although_ignored("given", "own.o");
    let tools = Scratch::new("tools").unwrap();
    let told = tools.join("told");
    let real = Verdict::of(Command::new("sh").args(["-c", "command -v git"])).accepted().stdout;
    let script = format!("#!/bin/sh\nenv >> '{}'\nexec '{}' \"$@\"\n", told.display(), real.trim());
    fs::write(tools.join("git"), script).unwrap();
    fs::set_permissions(tools.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut node = installed.node(&repository::root().join("tests/tests/wasm/files.mjs"));
    node.arg(installed.join("")).arg(own.path());
    let path = std::env::var("PATH").unwrap_or_default();
    node.env("PATH", format!("{}:{path}", tools.path().display()));
    let secrets = ["SECRET_TOKEN", "GIT_SSH_COMMAND", "GIT_ASKPASS", "PACKAGE_ACTIONS_KEY"];
    for name in secrets.into_iter().chain(["GITHUB_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) {
        node.env(name, "hidden-from-git");
    }
    assert_eq!(Verdict::of(&mut node).accepted().stdout, ".gitignore\nown.o\n");
    let told = fs::read_to_string(told).unwrap();
    assert!(told.contains("PATH=") && told.contains("LC_ALL=C"), "{told}");
    assert!(!told.contains("hidden-from-git"), "{told}");
}

/// What `actions/plan` would be told of `tree`.
fn planned(installed: &Installed, tree: &Path) -> String {
    let work = Scratch::new("planned").unwrap();
    let list = work.join("list.json");
    installed.build();
    let case = serde_json::json!([{ "step": "matrix", "request": "{}", "file": tree }]);
    fs::write(&list, case.to_string()).unwrap();
    let script = repository::root().join("tests/tests/wasm/answers.mjs");
    let mut node = installed.node(&script);
    Verdict::of(node.arg(installed.join("")).arg(&list)).accepted().stdout
}

#[test]
fn a_tree_that_git_cannot_tell_is_no_empty_tree() {
    let Some(installed) = Installed::checkout() else { return };
    let tree = tracked_although_ignored("unclear", "own.o");
    fs::write(tree.join("package-actions.toml"), "[[package]]\nname = \"a\"\n").unwrap();
    fs::write(tree.join(".git/index"), "nonsense").unwrap();
    let told = planned(&installed, tree.path());
    assert!(told.contains("git-failed") && told.contains("index file"), "{told}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let Some(installed) = Installed::checkout() else { return };
    let tree = tracked_although_ignored("misnamed", "own.o");
    fs::write(tree.path().join(OsStr::from_bytes(b"bad\xff.yaml")), "a\n").unwrap();
    git(tree.path(), &["add", "."]);
    let told = planned(&installed, tree.path());
    assert!(told.contains("tree-name") && told.contains("bad\u{fffd}.yaml"), "{told}");
}
