//! A work tree on disk and the commit that it is a checkout of: which bytes belong to the tree.
//!
//! What did not change is the commit's, whatever the disk holds: line endings, modes and links that
//! a person's configuration made others, files that a sparse checkout hides. What changed, and what
//! git does not know yet, is the disk's.

mod filters;
mod submodule;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use model::{Diagnostic, Found};

use super::changes::Changes;
use super::commit::{Commit, Entry, Mode};
use super::objects::Objects;
use super::repository::{self, Tracked};
use super::snapshot::{File, Kind, Origin, Snapshot};
use super::{lfs, withheld};
use crate::disk;
use crate::out::{self, Outputs};

/// A folder with the files that belong to it, each question asked when it is needed.
#[derive(Debug)]
pub(super) struct Checkout {
    root: PathBuf,
    /// Submodules that are left out: paths, with `*`.
    ignored: Vec<String>,
    /// What releases are written to.
    outputs: Outputs,
    commit: OnceLock<Result<Option<Commit>, Diagnostic>>,
    changes: OnceLock<Result<Changes, Diagnostic>>,
    objects: OnceLock<Result<Objects, Diagnostic>>,
    whole: OnceLock<Result<Whole, Diagnostic>>,
}

/// All files of a tree.
#[derive(Debug, Default)]
struct Whole {
    snapshot: Snapshot,
    /// The submodules that are checked out as the commit has them, by their folders.
    submodules: BTreeMap<String, Checkout>,
}

impl Checkout {
    /// That of the folder `root`, which holds no link itself.
    pub(super) fn of(root: PathBuf) -> Self {
        Self {
            root,
            ignored: Vec::new(),
            outputs: Outputs::default(),
            commit: OnceLock::new(),
            changes: OnceLock::new(),
            objects: OnceLock::new(),
            whole: OnceLock::new(),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The commit; nothing where no git knows the folder.
    pub(super) fn commit(&self) -> Result<Option<&Commit>, Diagnostic> {
        let read =
            || if super::git::is_around(&self.root) { Commit::at(&self.root) } else { Ok(None) };
        shared(self.commit.get_or_init(read)).map(Option::as_ref)
    }

    /// The text of the file at `path`, as far as the disk or the commit has it.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let bytes = match disk::text(&self.root.join(path)) {
            Ok(bytes) => bytes,
            Err(_) => {
                let commit = self.commit().ok()??;
                let entry = commit.entries.get(path)?;
                self.bytes(commit, path, &entry.id).ok()?
            }
        };
        String::from_utf8(bytes?).ok()
    }

    /// The same without what releases are written to, and without submodules that are `ignored`:
    /// paths, with `*`.
    pub(super) fn without(self, outputs: Outputs, ignored: Vec<String>) -> Self {
        Self { outputs, ignored, ..self }
    }

    /// Whether git tracks something in `folder` that is no release.
    pub(super) fn holds_others(&self, folder: &str) -> Result<bool, Diagnostic> {
        Ok(self.commit()?.is_some_and(|commit| out::is_foreign(commit, folder)))
    }

    /// What differs from the commit.
    pub(super) fn changes(&self) -> Result<&Changes, Diagnostic> {
        shared(self.changes.get_or_init(|| match self.commit()? {
            Some(commit) => {
                let left_out = self.outputs.left_out(commit);
                let belongs = |path: &str| super::belongs(path, &left_out);
                Changes::below(&self.root, &commit.prefix, belongs)
            }
            None => Ok(Changes::default()),
        }))
    }

    fn objects(&self, commit: &Commit) -> Result<&Objects, Diagnostic> {
        shared(self.objects.get_or_init(|| Objects::of(commit)))
    }

    fn whole(&self) -> Result<&Whole, Diagnostic> {
        shared(self.whole.get_or_init(|| match self.commit()? {
            Some(commit) => self.of_commit(commit),
            None => self.of_folder(),
        }))
    }

    /// All files that belong to it.
    pub(super) fn snapshot(&self) -> Result<&Snapshot, Diagnostic> {
        self.whole().map(|whole| &whole.snapshot)
    }

    fn of_folder(&self) -> Result<Whole, Diagnostic> {
        let mut snapshot = Snapshot::default();
        let left_out = self.outputs.left_out(&out::NoGit);
        let all = super::walk(&self.root)?.into_iter();
        for path in all.filter(|path| super::belongs(path, &left_out)) {
            self.add_disk(&mut snapshot, path)?;
        }
        withheld::judge_links(&mut snapshot);
        Ok(Whole { snapshot, ..Whole::default() })
    }

    fn of_commit(&self, commit: &Commit) -> Result<Whole, Diagnostic> {
        let changes = self.changes()?;
        let mut snapshot = Snapshot { differs: !changes.is_empty(), ..Snapshot::default() };
        let mut submodules = BTreeMap::new();
        let left_out = self.outputs.left_out(commit);
        let entries = commit.entries.iter();
        for (path, entry) in entries.filter(|(path, _)| super::belongs(path, &left_out)) {
            if entry.mode == Mode::Submodule {
                if self.ignored.iter().any(|pattern| format::fits(pattern, path)) {
                    continue;
                }
                let without = |inner: Self| {
                    let deeper = format!("{path}/");
                    let ignored = self.ignored.iter().filter_map(|it| it.strip_prefix(&deeper));
                    inner.without(self.outputs.below(path), ignored.map(str::to_owned).collect())
                };
                match submodule::open(&self.root, path, entry, without) {
                    Ok(inner) => {
                        snapshot.take_in(path, inner.snapshot()?);
                        submodules.insert(path.clone(), inner);
                    }
                    Err(lacking) => {
                        snapshot.differs |= lacking.differs;
                        snapshot.withhold(path, lacking.problem);
                    }
                }
            } else if !changes.paths.contains(path) {
                self.add_object(&mut snapshot, commit, path, entry)?;
            }
        }
        for path in &changes.paths {
            self.add_disk(&mut snapshot, path.clone())?;
        }
        for folder in &changes.strangers {
            snapshot.withhold(folder, withheld::stranger(folder));
        }
        self.add_filters(&mut snapshot, commit)?;
        withheld::judge_links(&mut snapshot);
        Ok(Whole { snapshot, submodules })
    }

    fn add_object(
        &self,
        snapshot: &mut Snapshot,
        commit: &Commit,
        path: &str,
        entry: &Entry,
    ) -> Result<(), Diagnostic> {
        let kind = match entry.mode {
            Mode::Link => Kind::Link,
            Mode::Executable => Kind::Executable,
            Mode::File | Mode::Submodule => Kind::Plain,
        };
        if kind == Kind::Link {
            let target = self.bytes(commit, path, &entry.id)?.unwrap_or_default();
            snapshot.links.insert(path.to_owned(), String::from_utf8_lossy(&target).into_owned());
        }
        let file = File { kind, origin: Origin::Object(entry.id.clone()) };
        snapshot.files.insert(path.to_owned(), file);
        Ok(())
    }

    /// Adds what the work tree has at `path`, if it has something there.
    fn add_disk(&self, snapshot: &mut Snapshot, path: String) -> Result<(), Diagnostic> {
        let full = self.root.join(&path);
        let Ok(about) = full.symlink_metadata() else { return Ok(()) };
        let kind = if about.is_symlink() {
            let target =
                fs::read_link(&full).map_err(|error| disk::cannot("read", &full, &error))?;
            snapshot.links.insert(path.clone(), disk::slashed(&target));
            Kind::Link
        } else if !about.is_file() {
            return Ok(());
        } else if disk::is_executable(&about) {
            Kind::Executable
        } else {
            Kind::Plain
        };
        snapshot.files.insert(path, File { kind, origin: Origin::Disk });
        Ok(())
    }

    /// What stands at `path`. Of a file, its text where `texts` asks for it.
    pub(super) fn stands_at(&self, path: &str, texts: bool) -> Result<Found, Diagnostic> {
        if let Some(commit) = self.commit()?
            && let Some(found) = self.find_unchanged(commit, path, texts)
        {
            return Ok(found);
        }
        let snapshot = self.snapshot()?;
        Ok(snapshot.find(path, |end, file| self.read(end, file, texts)))
    }

    /// The answer, where the commit and the disk agree on it: nobody then waits for git to say what
    /// changed.
    fn find_unchanged(&self, commit: &Commit, path: &str, texts: bool) -> Option<Found> {
        if path == "." {
            return Some(Found::Folder);
        }
        let full = self.root.join(path);
        match commit.entries.get(path).map(|entry| (entry.mode, &entry.id)) {
            Some((Mode::File | Mode::Executable, id)) if texts => {
                let bytes = disk::text(&full).ok()??;
                // A pointer is not what it stands for.
                let same =
                    lfs::Pointer::read(&bytes).is_none() && commit.naming.of_blob(&bytes) == *id;
                same.then(|| String::from_utf8(bytes).map_or(Found::NotText, Found::Text))
            }
            Some((Mode::File | Mode::Executable, _)) => {
                full.symlink_metadata().is_ok_and(|about| about.is_file()).then_some(Found::File)
            }
            Some(_) => None,
            None => {
                let is_tree = !super::is_below_any(path, &commit.entries);
                match full.symlink_metadata() {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        (is_tree && !commit.has_below(path)).then_some(Found::Absent)
                    }
                    Ok(about) if about.is_dir() && is_tree && commit.has_below(path) => {
                        Some(Found::Folder)
                    }
                    _ => None,
                }
            }
        }
    }

    /// What a file of the tree holds.
    fn read(&self, path: &str, file: &File, texts: bool) -> Found {
        if !texts {
            return Found::File;
        }
        for (folder, inner) in self.whole().map(|whole| &whole.submodules).into_iter().flatten() {
            if let Some(rest) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
                return inner.read(rest, file, texts);
            }
        }
        let bytes = match &file.origin {
            Origin::Disk => disk::text(&self.root.join(path)).map_err(|error| error.to_string()),
            Origin::Large(content) => disk::text(content).map_err(|error| error.to_string()),
            Origin::Object(id) => match self.commit() {
                Ok(Some(commit)) => self.bytes(commit, path, id).map_err(|problem| problem.message),
                _ => Ok(None),
            },
        };
        match bytes {
            Ok(Some(bytes)) => String::from_utf8(bytes).map_or(Found::NotText, Found::Text),
            Ok(None) => Found::NotText,
            Err(why) => Found::Unreadable(why),
        }
    }

    /// The bytes of a blob of the commit: from disk, where that holds the very same, or from git.
    /// Nothing where there are too many of them.
    fn bytes(&self, commit: &Commit, path: &str, id: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let full = self.root.join(path);
        let here = match fs::read_link(&full) {
            Ok(target) => Some(disk::slashed(&target).into_bytes()),
            Err(_) => disk::text(&full).ok().flatten(),
        };
        match here.filter(|bytes| commit.naming.of_blob(bytes) == id) {
            Some(bytes) => Ok(Some(bytes)),
            None => self.objects(commit)?.blob(id),
        }
    }

    /// Writes the files of the tree below `to`, links as links. Gives the folder that they are in,
    /// which lies deeper where the tree is a part of its repository.
    pub(super) fn write(&self, to: &Path) -> Result<PathBuf, Diagnostic> {
        let Whole { snapshot, submodules } = self.whole()?;
        let inside = |path: &str| {
            submodules.keys().any(|folder| {
                path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let own = || snapshot.files.iter().filter(|(path, _)| !inside(path));
        let mut root = to.to_owned();
        disk::make(to, to).map_err(|error| disk::cannot("make", to, &error))?;
        if let Some(commit) = self.commit()? {
            root = to.join(&commit.prefix);
            let objects = own().filter(|(_, file)| matches!(file.origin, Origin::Object(_)));
            let paths = objects.map(|(path, _)| path.as_str());
            self.objects(commit)?.check_out(commit, paths, to)?;
        }
        for (path, file) in own() {
            match &file.origin {
                Origin::Object(_) => {}
                Origin::Disk => disk::copy(&self.root.join(path), &root, path)?,
                Origin::Large(content) => disk::copy(content, &root, path)?,
            }
        }
        for (folder, inner) in submodules {
            inner.write(&root.join(folder))?;
        }
        Ok(root)
    }

    /// Makes `top`, where a copy of the tree was written to, a repository at the commit.
    pub(super) fn write_repository(&self, top: &Path, tags: &[String]) -> Result<(), Diagnostic> {
        let Some(commit) = self.commit()? else { return Ok(()) };
        let (snapshot, changes) = (self.snapshot()?, self.changes()?);
        repository::write(commit, top, tags, |path| {
            let Some(path) = path.strip_prefix(commit.prefix.as_str()) else {
                return Tracked::Hidden;
            };
            match snapshot.files.get(path).map(|file| &file.origin) {
                Some(Origin::Large(_)) => Tracked::Assumed,
                Some(_) => Tracked::Compared,
                None if changes.paths.contains(path) => Tracked::Compared,
                None => Tracked::Hidden,
            }
        })
    }

    /// The commits of the submodules, by their folders.
    pub(super) fn pinned(&self) -> Result<BTreeMap<String, String>, Diagnostic> {
        let mut pinned = BTreeMap::new();
        for (folder, inner) in &self.whole()?.submodules {
            if let Some(commit) = inner.commit()? {
                pinned.insert(folder.clone(), commit.id.clone());
            }
            for (deeper, id) in inner.pinned()? {
                pinned.insert(format!("{folder}/{deeper}"), id);
            }
        }
        Ok(pinned)
    }
}

fn shared<T>(result: &Result<T, Diagnostic>) -> Result<&T, Diagnostic> {
    result.as_ref().map_err(Clone::clone)
}
