//! What a hook, or whoever calls, leaves in git's own variables: the repository is the one around
//! the folder, all the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

use super::tree::{RELEASE, Tree};

const CHART: &str = "[[package]]\nname = \"a\"\nchart = { path = \"chart\" }\n";

fn git(folder: &Path, words: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=a", "-c", "user.email=a@b.example"]);
    let ended = git.args(words).output().unwrap();
    assert!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

fn commit(folder: &Path) {
    git(folder, &["init", "-q"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "a"]);
}

/// What a build says of its source, with these variables around it.
fn source(tree: &Tree, variables: &[(&str, &str)]) -> serde_json::Value {
    let mut command = product::command();
    command.args(["build", "--offline"]).current_dir(tree.join("."));
    let told = Verdict::of(command.envs(variables.iter().copied()));
    assert_eq!(told.code, 0, "{variables:?}: {}", told.told());
    let record = fs::read(tree.join("dist/build.json")).unwrap();
    let mut record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    record["source"].take()
}

#[test]
fn the_callers_variables_choose_no_repository() {
    let config = format!("{RELEASE}{CHART}");
    let tree = Tree::of(&[
        ("package-actions.toml", config.as_bytes()),
        (
            "chart/Chart.yaml",
            b"apiVersion: v2\nname: a\nversion: 1.0.0\nicon: https://a.example/a.svg\n",
        ),
        ("chart/templates/a.yaml", b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"),
    ]);
    commit(&tree.join("."));
    let other = Scratch::new("another").unwrap();
    fs::write(other.join("file"), "another").unwrap();
    commit(other.path());
    let own = source(&tree, &[]);
    assert_eq!((&own["dirty"], own["commit"].is_string()), (&false.into(), true), "{own}");

    let git = other.join(".git");
    let folder = git.to_str().unwrap();
    let in_git = |path: &str| git.join(path).to_str().unwrap().to_owned();
    let (index, objects) = (in_git("index"), in_git("objects"));
    let around = other.path().to_str().unwrap();
    fs::write(other.join("settings"), "[core]\n\texcludesFile = /dev/null\n[core\n").unwrap();
    let settings = other.join("settings");
    let settings = settings.to_str().unwrap();
    for variables in [
        // A hook of another repository; one that knows its work tree; one with an index of its own.
        &[("GIT_DIR", folder)][..],
        &[("GIT_DIR", folder), ("GIT_WORK_TREE", around), ("GIT_PREFIX", "")],
        &[("GIT_DIR", ".git"), ("GIT_INDEX_FILE", index.as_str())],
        &[("GIT_INDEX_FILE", index.as_str())],
        &[("GIT_COMMON_DIR", folder)],
        &[("GIT_WORK_TREE", around)],
        &[("GIT_OBJECT_DIRECTORY", objects.as_str())],
        &[("GIT_NAMESPACE", "other"), ("GIT_SHALLOW_FILE", index.as_str())],
        &[("GIT_CEILING_DIRECTORIES", around), ("GIT_GRAFT_FILE", index.as_str())],
        &[
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.worktree"),
            ("GIT_CONFIG_VALUE_0", around),
        ],
        &[("GIT_CONFIG_PARAMETERS", "'core.bare'='true'")],
        &[("GIT_CONFIG_GLOBAL", settings), ("GIT_CONFIG", settings)],
        &[("GIT_CONFIG_SYSTEM", settings), ("GIT_LITERAL_PATHSPECS", "1")],
        &[("GIT_TRACE", "1"), ("GIT_REPLACE_REF_BASE", "refs/other/")],
    ] {
        assert_eq!(source(&tree, variables), own, "{variables:?}");
    }
}
