//! Golden releases: the digest of every file of a release of fixed sources, in a committed list.
//! Sources below `tests/fixtures` or `examples` become a repository at a commit that is always the
//! same, so that a list holds on every machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::Digest;

use crate::judges::Verdict;
use crate::repository;

/// Set to accept what was built: the list is written anew.
pub const UPDATE: &str = "UPDATE_GOLDEN";

/// Who made the commit: its name depends on it.
const AUTHOR: [(&str, &str); 4] = [
    ("GIT_AUTHOR_NAME", "Golden"),
    ("GIT_AUTHOR_EMAIL", "golden@example.com"),
    ("GIT_COMMITTER_NAME", "Golden"),
    ("GIT_COMMITTER_EMAIL", "golden@example.com"),
];

/// Makes the new folder `to` a repository that holds the files below `folder` of this one (those
/// that git tracks, or would), in one commit of that date. `edit` may change a file's text on the
/// way.
///
/// Panics where git refuses.
pub fn commit(folder: &str, date: &str, to: &Path, edit: impl Fn(&str, String) -> String) {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let from = repository::root().join(folder);
    let listed = Verdict::of(Command::new("git").arg("-C").arg(&from).args(list)).accepted();
    let names = listed.stdout.split('\0').filter(|name| !name.is_empty());
    for name in names.filter(|name| from.join(name).is_file()) {
        let file = to.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
        // Mode and bytes; then the text, if it changes.
        fs::copy(from.join(name), &file).expect("a file can be copied");
        if let Ok(text) = fs::read_to_string(&file) {
            let edited = edit(name, text.clone());
            if edited != text {
                fs::write(&file, edited).expect("a file can be written");
            }
        }
    }
    let git = |words: &[&str]| git(to, date, words);
    git(&["init", "--quiet", "--initial-branch=main", "--object-format=sha1"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=Release"]);
}

/// Compares the release in `dist` with the list `NAME.sha256` of the golden ones.
///
/// Panics with what differs, and how to accept it, unless it was accepted already.
pub fn compare(name: &str, dist: &Path) {
    let list = repository::root().join(format!("tests/fixtures/golden/{name}.sha256"));
    let built: BTreeMap<String, String> = files(dist)
        .into_iter()
        .map(|(path, file)| (path, Digest::of(&fs::read(file).expect("a file")).hex()))
        .collect();
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        fs::write(&list, render(&built)).expect("the list can be written");
        return;
    }
    let golden = parse(&fs::read_to_string(&list).unwrap_or_default());
    let differing = differences(&golden, &built);
    let test = std::thread::current().name().unwrap_or("reproducible").to_owned();
    assert!(
        differing.is_empty(),
        "{} files differ from tests/fixtures/golden/{name}.sha256:\n{}\n\
         help: build both and compare; where the change is meant, accept it with\n  \
         {UPDATE}=1 cargo xtask test {test}",
        differing.len(),
        differing.join("\n")
    );
}

/// The files of a release that are the same in each run, by their path: all but signatures and the
/// run's public key.
pub fn files(dist: &Path) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dist.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the release") {
            let path = entry.expect("an entry").path();
            let inside = path.strip_prefix(dist).expect("below").to_str().expect("UTF-8");
            if path.is_dir() {
                folders.push(path);
            } else if !inside.ends_with(".sigstore.json") && !inside.ends_with("signing-key.pub") {
                files.insert(inside.to_owned(), path);
            }
        }
    }
    files
}

fn git(folder: &Path, date: &str, words: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(words).envs(AUTHOR);
    git.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
    // No hook, signature or line ending of the machine's own.
    git.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
    for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        git.env_remove(variable);
    }
    Verdict::of(&mut git).accepted();
}

/// As `sha256sum --check` reads it.
fn render(digests: &BTreeMap<String, String>) -> String {
    digests.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect()
}

fn parse(list: &str) -> BTreeMap<String, String> {
    let lines = list.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(digest, path)| (path.to_owned(), digest.to_owned())).collect()
}

fn differences(golden: &BTreeMap<String, String>, built: &BTreeMap<String, String>) -> Vec<String> {
    let missing = golden.keys().filter(|path| !built.contains_key(*path));
    let missing = missing.map(|path| format!("  {path}: missing"));
    let other = built.iter().filter_map(|(path, digest)| match golden.get(path) {
        None => Some(format!("  {path}: new")),
        Some(old) if old != digest => Some(format!("  {path}: {old} became {digest}")),
        Some(_) => None,
    });
    missing.chain(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_missing_new_or_changed_is_named() {
        let check = |golden: &str, built: &str, expected: &[&str]| {
            assert_eq!(differences(&parse(golden), &parse(built)), expected);
        };
        check("1  a\n2  b c\n", "1  a\n2  b c\n", &[]);
        check("1  a\n", "", &["  a: missing"]);
        check("", "1  a\n", &["  a: new"]);
        check("1  a\n2  b\n", "3  a\n2  b\n", &["  a: 1 became 3"]);
        assert_eq!(render(&parse("2  b c\n1  a\n")), "1  a\n2  b c\n");
    }
}
