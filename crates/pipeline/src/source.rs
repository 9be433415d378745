//! The tree that a release is made from: which files belong to it, and which commit they are.
//!
//! Reads the repository on disk, never writes into it. Knows nothing of packages or formats.

mod changes;
mod checkout;
mod commit;
mod git;
mod lfs;
mod objects;
mod repository;
mod snapshot;
mod surroundings;
mod withheld;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::codes;
use crate::dist::PendingDist;
use crate::options::Failure;
use crate::out::{Out, Outputs};
use checkout::Checkout;
use model::{Class, Diagnostic, Diagnostics, Found, Location, ReleaseFacts, Tree};
use release::CONFIG_FILE;
pub(crate) use snapshot::{File, Kind, Led, Withheld};
pub(crate) use surroundings::{leaves_untracked, surroundings};

/// 1980-01-01, the first time that a zip archive can hold: the epoch without git.
pub(crate) const EPOCH_WITHOUT_GIT: u64 = 315_532_800;

/// A repository's folder, and the files that belong to it.
#[derive(Debug)]
pub struct Source {
    checkout: Checkout,
    out: Out,
    /// Sorted.
    files: Vec<String>,
    facts: ReleaseFacts,
}

impl Source {
    /// Lists the files of the tree at `root`: what git tracks, and what it does not know yet but
    /// does not ignore; without git, all but what `.gitignore` files name. What releases are
    /// written to is never part.
    ///
    /// # Errors
    /// When the folder cannot be read, or git is there and does not answer.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        Self::open_beside(root, None, |_| ()).map(|(source, ())| source)
    }

    /// The same, while `work` already reads the tree's texts: git and the manifests of a large
    /// tree take about the same time. Its release goes to `out`, or where it says itself.
    ///
    /// # Errors
    /// As [`Source::open`]: what `work` made of a tree that could not be listed is dropped.
    pub(crate) fn open_beside<T>(
        root: &Path,
        out: Option<&Path>,
        work: impl FnOnce(&dyn Tree) -> T,
    ) -> Result<(Self, T), Diagnostic> {
        let checkout = Checkout::of(real(root)?);
        let config = checkout.text(CONFIG_FILE);
        let out = Out::of(checkout.root(), out, config.as_deref())?;
        let ignored = config.as_deref().map(release::ignored_submodules).unwrap_or_default();
        let checkout = checkout.without(Outputs::of(&out), ignored);
        let done = thread::scope(|scope| {
            scope.spawn(|| checkout.snapshot().map(|_| ()));
            work(&checkout)
        });
        let snapshot = checkout.snapshot()?;
        let files = snapshot.files.keys().cloned().collect();
        let facts = match checkout.commit()? {
            None => without_commit(checkout.root()),
            Some(commit) => ReleaseFacts {
                commit: Some(commit.id.clone()),
                dirty: snapshot.differs,
                epoch: commit.epoch.max(EPOCH_WITHOUT_GIT),
                submodules: checkout.pinned()?,
                notes: Vec::new(),
            },
        };
        Ok((Self { checkout, out, files, facts }, done))
    }

    /// The folder, as the system spells it.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.checkout.root()
    }

    /// Where its release is written.
    pub(crate) fn out(&self) -> &Out {
        &self.out
    }

    /// A release in the making, beside the last one.
    ///
    /// # Errors
    /// When something is in the way.
    pub(crate) fn pending(&self) -> Result<PendingDist, Failure> {
        let within = self.out.within();
        let others = within.map(|within| self.checkout.holds_others(within)).transpose()?;
        PendingDist::beside(&self.out, others.unwrap_or_default())
    }

    /// The files that belong to it, sorted.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.files
    }

    /// What a person should know about its commit before it is released under `tag`.
    pub(crate) fn notes(&self, tag: &str) -> Vec<String> {
        let facts = self.facts();
        let mut notes = facts.notes.clone();
        if facts.dirty {
            notes.push(format!("uncommitted changes{}; `publish` refuses this", self.differing()));
        }
        if let Some(other) = elsewhere(self.root(), tag, facts) {
            let state = format!("the tag `{tag}` is on another commit, {other}");
            notes.push(format!("{state}: `publish` refuses what is built from this one"));
        }
        notes
    }

    /// How many files differ from the commit, and the first few of them, in brackets.
    fn differing(&self) -> String {
        const SHOWN: usize = 3;
        let Ok(changes) = self.checkout.changes() else { return String::new() };
        let all: Vec<&str> =
            changes.paths.iter().chain(&changes.strangers).map(String::as_str).collect();
        let shown: Vec<&str> = all.iter().take(SHOWN).copied().collect();
        let more = if all.len() > SHOWN { ", …" } else { "" };
        match all.len() {
            0 => String::new(),
            1 => format!(" (1 file: {})", shown.join(", ")),
            count => format!(" ({count} files: {}{more})", shown.join(", ")),
        }
    }

    /// The files below the folder `prefix`; all for `.`.
    pub(crate) fn below(&self, prefix: &str) -> Result<Vec<(&str, &File)>, Diagnostic> {
        Ok(self.checkout.snapshot()?.below(prefix).collect())
    }

    /// The file at `path`, if there is one.
    pub(crate) fn file(&self, path: &str) -> Result<Option<&File>, Diagnostic> {
        Ok(self.checkout.snapshot()?.files.get(path))
    }

    /// Where a path of the tree leads.
    pub(crate) fn lead(&self, path: &str) -> Result<Led, Diagnostic> {
        Ok(self.checkout.snapshot()?.lead(path))
    }

    /// What nothing may be built from.
    pub(crate) fn withheld(&self) -> Result<&[Withheld], Diagnostic> {
        Ok(&self.checkout.snapshot()?.withheld)
    }

    /// Writes the tree below `to`; gives the folder that it is in.
    ///
    /// # Errors
    /// When it cannot be written, or an object of the commit is missing.
    pub(crate) fn write(&self, to: &Path) -> Result<PathBuf, Diagnostic> {
        self.checkout.write(to)
    }

    /// The folder of the tree below the top of its repository; empty, or with a slash at its end.
    pub(crate) fn prefix(&self) -> Result<&str, Diagnostic> {
        Ok(self.checkout.commit()?.map_or("", |commit| &commit.prefix))
    }

    /// Makes `top`, where a copy of the tree lies at its prefix, a repository at its commit, which
    /// `tags` name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_repository(&self, top: &Path, tags: &[String]) -> Result<(), Diagnostic> {
        self.checkout.write_repository(top, tags)
    }

    /// Makes `top` the same repository, with all that it needs in it.
    ///
    /// # Errors
    /// When it cannot be written, or an object of the commit is missing.
    pub(crate) fn write_whole_repository(
        &self,
        top: &Path,
        tags: &[String],
    ) -> Result<(), Diagnostic> {
        self.checkout.write_repository(top, tags)?;
        repository::take_in_objects(top)
    }

    /// Its commit, time and state.
    #[must_use]
    pub fn facts(&self) -> &ReleaseFacts {
        &self.facts
    }
}

/// Problems with a tree's configuration, with the folder above it that has one, where it has none.
pub(crate) fn above(mut problems: Diagnostics, dir: &Path) -> Diagnostics {
    let folder = real(dir).unwrap_or_default();
    let is_missing = |problem: &&mut Diagnostic| {
        problem.code.class == Class::Absent && problem.location == Some(Location::file(CONFIG_FILE))
    };
    let file =
        folder.ancestors().skip(1).map(|above| above.join(CONFIG_FILE)).find(|it| it.is_file());
    if let (Some(problem), Some(file)) = (problems.0.iter_mut().find(is_missing), file) {
        problem.help = Some(format!("there is `{}`: name that folder", file.display()));
    }
    problems
}

impl Tree for Source {
    fn find(&self, path: &str) -> Found {
        Tree::find(&self.checkout, path)
    }

    fn look(&self, path: &str) -> Found {
        Tree::look(&self.checkout, path)
    }

    fn files(&self) -> Vec<String> {
        self.files.clone()
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        self.checkout.git(question)
    }
}

impl Tree for Checkout {
    fn find(&self, path: &str) -> Found {
        self.stands_at(path, true).unwrap_or_else(|problem| Found::Unreadable(problem.message))
    }

    fn look(&self, path: &str) -> Found {
        self.stands_at(path, false).unwrap_or_else(|problem| Found::Unreadable(problem.message))
    }

    fn files(&self) -> Vec<String> {
        // Why it failed is told by `open_beside`, which then drops what came of this.
        let files = self.snapshot().map(|snapshot| snapshot.files.keys().cloned().collect());
        files.unwrap_or_default()
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        match self.commit()? {
            Some(_) => git::ask_text(self.root(), question).map(Some),
            None => Ok(None),
        }
    }
}

/// The commit that `tag` is on in the repository around `root`, where it is another one than that
/// of `facts`.
pub(crate) fn elsewhere(root: &Path, tag: &str, facts: &ReleaseFacts) -> Option<String> {
    let ours = facts.commit.as_ref()?;
    git::tagged(root, tag, ours).filter(|tagged| tagged != ours)
}

pub(crate) fn real(root: &Path) -> Result<PathBuf, Diagnostic> {
    root.canonicalize().ok().filter(|real| real.is_dir()).ok_or_else(|| {
        Diagnostic::new(&codes::TREE_MISSING, format!("`{}` is not a folder", root.display()))
            .help("name the folder that holds `package-actions.toml`")
    })
}

/// Whether a folder above `path` is an entry itself: a link, a submodule, a file.
fn is_below_any<T>(path: &str, entries: &BTreeMap<String, T>) -> bool {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    above.into_iter().any(|above| entries.contains_key(above))
}

/// Whether the file at `path` is a source: it lies in none of the folders `left_out`.
fn belongs(path: &str, left_out: &[String]) -> bool {
    let is_in = |folder: &str| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    !is_in(".git") && !left_out.iter().any(|folder| is_in(folder))
}

/// What is known of a tree that no commit knows.
fn without_commit(root: &Path) -> ReleaseFacts {
    let what = if git::is_around(root) { "no commit yet" } else { "no git repository" };
    let lacks = "timestamps will be 1980-01-01 and build dependencies are not limited by date";
    ReleaseFacts {
        epoch: EPOCH_WITHOUT_GIT,
        notes: vec![format!("{what}: {lacks}")],
        ..ReleaseFacts::default()
    }
}

fn walk(root: &Path) -> Result<Vec<String>, Diagnostic> {
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

fn unreadable(why: &str) -> Diagnostic {
    Diagnostic::new(&model::codes::TREE_UNREADABLE, format!("the tree cannot be read: {why}"))
        .help("make every file of the tree readable, or let `.gitignore` name it")
}

#[cfg(test)]
mod tests;
