//! The tree under test: every file that git tracks or would, with its bytes and mode. Also made by
//! hand, for seeded defects.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One file of the tree.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub bytes: Vec<u8>,
    pub executable: bool,
    pub symlink: bool,
}

/// Files by their path from the root, with `/`.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub files: BTreeMap<String, File>,
}

/// One place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// The folder of the root Cargo.toml.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

impl Tree {
    /// The repository as it is on disk, without what git ignores.
    pub fn of_the_repository() -> Self {
        let mut git = Command::new("git");
        git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
        let listed = git.current_dir(root()).output().unwrap();
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        let names = String::from_utf8(listed.stdout).unwrap();
        let names = names.split('\0').filter(|name| !name.is_empty());
        Self { files: names.filter_map(|name| Some((name.to_owned(), read(name)?))).collect() }
    }

    /// A tree of plain files, for a rule's own test.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |text: &str| File { bytes: text.as_bytes().to_vec(), ..File::default() };
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect() }
    }

    /// The files with this extension that are text, with their paths.
    pub fn texts<'a>(&'a self, extension: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let ending = format!(".{extension}");
        self.all_texts().filter(move |(path, _)| path.ends_with(&ending))
    }

    /// All files that are text.
    pub fn all_texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let text = |file: &'_ File| !file.symlink && !file.bytes.contains(&0);
        self.files.iter().filter(move |(_, file)| text(file)).filter_map(|(path, file)| {
            Some((path.as_str(), std::str::from_utf8(&file.bytes).ok()?))
        })
    }

    /// Whether a file or a folder stands at this path.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty()
            || self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(name, _)| name.starts_with(&folder))
    }
}

/// `None` for a file that git still lists though it is gone.
fn read(name: &str) -> Option<File> {
    let path = root().join(name);
    let facts = fs::symlink_metadata(&path).ok()?;
    let symlink = facts.is_symlink();
    let bytes = if symlink { Vec::new() } else { fs::read(&path).ok()? };
    Some(File { bytes, executable: facts.permissions().mode() & 0o111 != 0 && !symlink, symlink })
}

/// A finding at a line.
pub fn at(path: &str, line: usize, what: impl Into<String>) -> Finding {
    Finding { path: path.to_owned(), line, what: what.into() }
}

/// For a rule's test: the lines at which it finds something in a tree of one file.
#[track_caller]
pub fn expect(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str, lines: &[usize]) {
    let found = rule(&Tree::of(&[(path, text)]));
    let at: Vec<usize> = found.iter().map(|finding| finding.line).collect();
    assert_eq!(at, lines, "{path}: {text:?}: {found:?}");
}
