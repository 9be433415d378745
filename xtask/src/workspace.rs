//! What cargo and git say about this workspace: its root, its test files, the state of its tree.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Failure;

/// The folder of the root Cargo.toml.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where this program keeps its logs and stamps: `target/xtask`, made if it is not there.
pub fn own_folder() -> Result<PathBuf, Failure> {
    let folder = root().join("target/xtask");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Runs a program in the root and gives what it printed; fails with its words.
pub fn output(program: &str, arguments: &[&str]) -> Result<String, Failure> {
    output_of(Command::new(program).args(arguments))
}

/// Likewise for a command that needs more than arguments.
pub fn output_of(command: &mut Command) -> Result<String, Failure> {
    let line = format!("{command:?}");
    let done = command
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {line}: {error}"))?;
    if !done.status.success() {
        return Err(
            format!("{line}: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr)).into()
        );
    }
    Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

/// The names of all integration tests (`cargo test --test NAME` runs one), in order, each once.
pub fn test_files() -> Result<BTreeSet<String>, Failure> {
    Ok(list(&metadata()?["packages"]).flat_map(tests_of).collect())
}

/// The names of all packages of the workspace.
pub fn packages() -> Result<Vec<String>, Failure> {
    Ok(list(&metadata()?["packages"]).map(|package| text(&package["name"])).collect())
}

/// Where cargo builds into.
pub fn target_folder() -> Result<PathBuf, Failure> {
    Ok(PathBuf::from(text(&metadata()?["target_directory"])))
}

/// The identity of the tree as it is now, committed or not: git's own name for it.
pub fn tree_id() -> Result<String, Failure> {
    // An index of our own, so that nothing is staged behind the user's back.
    let index = own_folder()?.join("index");
    let git =
        |words: &[&str]| output_of(Command::new("git").args(words).env("GIT_INDEX_FILE", &index));
    git(&["add", "--all"])?;
    git(&["write-tree"])
}

/// A short name for the given words that changes when they do.
pub fn key(words: &[&str]) -> Result<String, Failure> {
    let file = own_folder()?.join("key");
    std::fs::write(&file, words.join("\n"))?;
    let digest = output("git", &["hash-object", "--no-filters", &file.display().to_string()])?;
    Ok(digest.chars().take(16).collect())
}

/// Whether this runs in CI, where a missing judge is a failure.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true")
}

/// The members of a JSON list; none if it is no list.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The words of a JSON string; empty if it is no string.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn metadata() -> Result<Value, Failure> {
    let told = output("cargo", &["metadata", "--no-deps", "--format-version=1"])?;
    Ok(serde_json::from_str(&told)?)
}

fn tests_of(package: &Value) -> impl Iterator<Item = String> {
    let is_test = |target: &&Value| target["kind"][0] == "test";
    list(&package["targets"]).filter(is_test).map(|target| text(&target["name"]))
}
