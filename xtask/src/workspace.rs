//! What cargo and git say about this workspace: its root, its packages, the state of its tree.

use std::collections::{BTreeMap, BTreeSet};
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

/// A package of the workspace.
#[derive(Clone, Debug)]
pub struct Package {
    pub name: String,
    /// From the root, with a final `/`.
    pub folder: String,
    /// The packages of this workspace that it is built from.
    pub uses: Vec<String>,
    /// Those that its tests are built from besides.
    pub for_tests: Vec<String>,
    /// Its integration tests: name, root file.
    pub tests: Vec<(String, String)>,
}

/// The names of all integration tests (`cargo test --test NAME` runs one), in order, each once.
pub fn test_files() -> Result<BTreeSet<String>, Failure> {
    Ok(packages()?.into_iter().flat_map(|package| package.tests).map(|(name, _)| name).collect())
}

/// All packages of the workspace.
pub fn packages() -> Result<Vec<Package>, Failure> {
    Ok(list(&metadata()?["packages"]).map(package).collect())
}

/// The compiler's version: `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn compiler_version() -> Result<String, Failure> {
    let told = output("rustc", &["--version"])?;
    told.split_whitespace()
        .nth(1)
        .map(str::to_owned)
        .ok_or_else(|| "`rustc --version` prints no version".into())
}

/// Where cargo builds into.
pub fn target_folder() -> Result<PathBuf, Failure> {
    Ok(PathBuf::from(text(&metadata()?["target_directory"])))
}

/// The identity of the tree as it is now, committed or not: git's own name for it.
pub fn tree_id() -> Result<String, Failure> {
    staged(&["write-tree"])
}

/// The files of that tree: path, mode and blob.
pub fn files() -> Result<BTreeMap<String, String>, Failure> {
    let listed = staged(&["ls-files", "--stage", "-z"])?;
    let entries = listed.split('\0').filter_map(|entry| entry.split_once('\t'));
    Ok(entries.map(|(blob, path)| (path.to_owned(), blob.to_owned())).collect())
}

/// What git says about the tree as it is now, in an index of our own, so that nothing is staged
/// behind the user's back.
fn staged(words: &[&str]) -> Result<String, Failure> {
    let index = own_folder()?.join("index");
    let git =
        |words: &[&str]| output_of(Command::new("git").args(words).env("GIT_INDEX_FILE", &index));
    git(&["add", "--all"])?;
    git(words)
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

fn package(told: &Value) -> Package {
    let root = root();
    let inside = |path: &Value| {
        let path = text(path);
        let relative = Path::new(&path).strip_prefix(&root).map(|path| path.display().to_string());
        relative.unwrap_or(path)
    };
    let ours = |for_tests: bool| {
        let all = list(&told["dependencies"]).filter(|used| used["path"].is_string());
        all.filter(|used| (used["kind"] == "dev") == for_tests)
            .map(|used| text(&used["name"]))
            .collect()
    };
    let tests = list(&told["targets"]).filter(|target| target["kind"][0] == "test");
    Package {
        name: text(&told["name"]),
        folder: inside(&told["manifest_path"]).trim_end_matches("Cargo.toml").to_owned(),
        uses: ours(false),
        for_tests: ours(true),
        tests: tests.map(|target| (text(&target["name"]), inside(&target["src_path"]))).collect(),
    }
}
