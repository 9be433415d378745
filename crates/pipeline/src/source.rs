//! The repository on disk: which files belong to it, and which commit they are.
//!
//! Reads the tree, never writes into it. Knows nothing of packages or formats.

mod git;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use model::limits::MAX_TEXT_BYTES;
use model::{Found, Problem, ReleaseFacts, Tree};

/// 1980-01-01, the first time that a zip archive can hold: the epoch without git.
pub(crate) const EPOCH_WITHOUT_GIT: u64 = 315_532_800;

/// A repository's folder, and the files that belong to it.
#[derive(Debug)]
pub struct Source {
    root: PathBuf,
    files: Vec<String>,
    facts: ReleaseFacts,
}

impl Source {
    /// Lists the files of the tree at `root`: what git tracks, and what it does not know yet but
    /// does not ignore; without git, all but what `.gitignore` files name. `dist/` is never part.
    ///
    /// # Errors
    /// When the folder cannot be read, or git is there and does not answer.
    pub fn open(root: &Path) -> Result<Self, Problem> {
        let shown = root.display();
        let missing = || {
            Problem::error("tree-missing", format!("`{shown}` is not a folder"))
                .help("name the folder that holds `package-actions.toml`")
        };
        let real = root.canonicalize().map_err(|_| missing())?;
        if !real.is_dir() {
            return Err(missing());
        }
        let (mut files, facts) = match git::look(&real)? {
            Some(checkout) => (checkout.files, checkout.facts),
            None => (walk(&real)?, without_git()),
        };
        files.retain(|path| belongs(path));
        files.sort();
        files.dedup();
        Ok(Self { root: real, files, facts })
    }

    /// The folder, as the system spells it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files that belong to it, sorted.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.files
    }

    /// Its commit, time and state.
    #[must_use]
    pub fn facts(&self) -> &ReleaseFacts {
        &self.facts
    }

    /// Where a path of the tree leads. Only a path with a link in it is asked for from the root of
    /// the system, which takes a question a folder: a large plan asks thousands of times.
    fn real(&self, path: &str) -> io::Result<PathBuf> {
        let mut full = self.root.clone();
        for part in path.split('/') {
            full.push(part);
            if full.symlink_metadata()?.is_symlink() {
                return self.root.join(path).canonicalize();
            }
        }
        Ok(full)
    }
}

impl Tree for Source {
    fn find(&self, path: &str) -> Found {
        if model::path_problem(path).is_some() {
            return Found::Absent;
        }
        let real = match self.real(path) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Absent,
            Err(error) => return Found::Unreadable(error.to_string()),
        };
        if !real.starts_with(&self.root) {
            return Found::Outside(real.display().to_string());
        }
        match fs::metadata(&real) {
            Ok(about) if about.is_dir() => Found::Folder,
            Ok(about) if !about.is_file() || about.len() > MAX_TEXT_BYTES => Found::NotText,
            Ok(_) => match fs::read(&real) {
                Ok(bytes) => String::from_utf8(bytes).map_or(Found::NotText, Found::Text),
                Err(error) => Found::Unreadable(error.to_string()),
            },
            Err(error) => Found::Unreadable(error.to_string()),
        }
    }

    fn files(&self) -> Vec<String> {
        self.files.clone()
    }
}

/// What a build leaves behind is not source, wherever it lies at the root.
fn belongs(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    !(top == "dist" || top.starts_with(".dist.") || top == ".git")
}

fn without_git() -> ReleaseFacts {
    ReleaseFacts {
        commit: None,
        dirty: false,
        epoch: EPOCH_WITHOUT_GIT,
        notes: vec!["no git: times are 1980-01-01, build backends are not held still".to_owned()],
    }
}

fn walk(root: &Path) -> Result<Vec<String>, Problem> {
    let mut files = Vec::new();
    let walker = ignore::WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .filter_entry(|entry| !JUNK.iter().any(|junk| entry.file_name() == *junk))
        .build();
    for entry in walker {
        let entry = entry.map_err(|error| unreadable(&error.to_string()))?;
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
        match inside.to_str() {
            Some(path) => files.push(path.replace(std::path::MAIN_SEPARATOR, "/")),
            None => return Err(unreadable(&format!("`{}` is not UTF-8", inside.display()))),
        }
    }
    Ok(files)
}

/// Folders that no repository means to ship, skipped where no git can say so.
const JUNK: [&str; 6] = [".git", "__pycache__", "node_modules", ".venv", ".tox", "target"];

fn unreadable(why: &str) -> Problem {
    Problem::error("tree-unreadable", format!("the tree cannot be read: {why}"))
        .help("make every file of the tree readable, or let `.gitignore` name it")
}
