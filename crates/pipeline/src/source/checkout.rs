//! A work tree on disk and the commit that it is a checkout of: which bytes belong to the tree.
//!
//! What did not change is the commit's, whatever the disk holds: line endings, modes and links that
//! a person's configuration made others, files that a sparse checkout hides. What changed, and what
//! git does not know yet, is the disk's.

mod submodule;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use model::{Diagnostic, Found};
use release::CONFIG_FILE;

use super::changes::Changes;
use super::commit::{Commit, Entry, Mode};
use super::objects::Objects;
use super::repository::{self, Tracked};
use super::snapshot::{File, Kind, Led, Origin, Snapshot};
use super::{lfs, withheld};
use crate::disk;

/// A folder with the files that belong to it, each question asked when it is needed.
#[derive(Debug)]
pub(super) struct Checkout {
    root: PathBuf,
    /// Submodules that are left out besides those that its configuration leaves out.
    ignored: Vec<String>,
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
            commit: OnceLock::new(),
            changes: OnceLock::new(),
            objects: OnceLock::new(),
            whole: OnceLock::new(),
        }
    }

    /// The same without the submodules that are `ignored`: paths, with `*`.
    fn without(self, ignored: Vec<String>) -> Self {
        Self { ignored, ..self }
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

    /// What differs from the commit.
    pub(super) fn changes(&self) -> Result<&Changes, Diagnostic> {
        shared(self.changes.get_or_init(|| match self.commit()? {
            Some(commit) => Changes::below(&self.root, &commit.prefix),
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
        for path in super::walk(&self.root)? {
            self.add_disk(&mut snapshot, path)?;
        }
        judge_links(&mut snapshot);
        Ok(Whole { snapshot, ..Whole::default() })
    }

    fn of_commit(&self, commit: &Commit) -> Result<Whole, Diagnostic> {
        let changes = self.changes()?;
        let mut snapshot = Snapshot { differs: !changes.is_empty(), ..Snapshot::default() };
        let mut submodules = BTreeMap::new();
        let ignored = self.ignored(commit, changes)?;
        for (path, entry) in commit.entries.iter().filter(|(path, _)| super::belongs(path)) {
            if entry.mode == Mode::Submodule {
                if ignored.iter().any(|pattern| format::fits(pattern, path)) {
                    continue;
                }
                let deeper = format!("{path}/");
                let inside = ignored.iter().filter_map(|it| it.strip_prefix(&deeper));
                let inside = inside.map(str::to_owned).collect();
                match submodule::open(&self.root, path, entry, inside) {
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
        judge_links(&mut snapshot);
        Ok(Whole { snapshot, submodules })
    }

    /// The submodules that are left out of the tree.
    fn ignored(&self, commit: &Commit, changes: &Changes) -> Result<Vec<String>, Diagnostic> {
        let mut ignored = self.ignored.clone();
        if !commit.entries.values().any(|entry| entry.mode == Mode::Submodule) {
            return Ok(ignored);
        }
        let bytes = match commit.entries.get(CONFIG_FILE) {
            Some(entry) if !changes.paths.contains(CONFIG_FILE) => {
                self.bytes(commit, CONFIG_FILE, &entry.id)?
            }
            _ => disk::text(&self.root.join(CONFIG_FILE)).ok().flatten(),
        };
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        ignored.extend(release::ignored_submodules(&text));
        Ok(ignored)
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

    /// Finds the content of Git LFS pointers, and withholds what another filter would make.
    fn add_filters(&self, snapshot: &mut Snapshot, commit: &Commit) -> Result<(), Diagnostic> {
        if !commit.entries.keys().any(|path| path.ends_with(".gitattributes"))
            && commit.prefix.is_empty()
        {
            return Ok(());
        }
        let files = snapshot.files.iter();
        let paths: Vec<&str> = files
            .filter(|(path, file)| file.kind != Kind::Link && commit.entries.contains_key(*path))
            .map(|(path, _)| path.as_str())
            .collect();
        for (path, filter) in self.objects(commit)?.filters(commit, &paths)? {
            if filter != "lfs" {
                if self.is_notebook(snapshot, commit, &path)? {
                    continue;
                }
                snapshot.withhold(&path, withheld::filtered(&path, &filter));
                continue;
            }
            let Some(bytes) = self.stored(snapshot, commit, &path)? else { continue };
            let Some(pointer) = lfs::Pointer::read(&bytes) else { continue };
            match pointer.content(&self.root.join(&path), &commit.common) {
                Some(content) => {
                    if let Some(file) = snapshot.files.get_mut(&path) {
                        file.origin = Origin::Large(content);
                    }
                }
                None => snapshot.withhold(&path, lfs::lacking(&path)),
            }
        }
        Ok(())
    }

    /// Whether the file at `path` is a notebook as it is stored: filters there (nbstripout and the
    /// like) take something away on the way in, and what is committed is what is meant.
    fn is_notebook(
        &self,
        snapshot: &Snapshot,
        commit: &Commit,
        path: &str,
    ) -> Result<bool, Diagnostic> {
        if !path.ends_with(".ipynb") {
            return Ok(false);
        }
        let stored = self.stored(snapshot, commit, path)?;
        Ok(stored.is_some_and(|bytes| bytes.trim_ascii_start().starts_with(b"{")))
    }

    /// The bytes that are a pointer, if those at `path` are one: in the commit, or on disk.
    fn stored(
        &self,
        snapshot: &Snapshot,
        commit: &Commit,
        path: &str,
    ) -> Result<Option<Vec<u8>>, Diagnostic> {
        match snapshot.files.get(path).map(|file| &file.origin) {
            Some(Origin::Object(id)) => self.bytes(commit, path, id),
            Some(Origin::Disk) => Ok(disk::text(&self.root.join(path)).ok().flatten()),
            _ => Ok(None),
        }
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

/// Withholds links that lead out of the tree, or nowhere.
fn judge_links(snapshot: &mut Snapshot) {
    let problems: Vec<(String, Diagnostic)> = snapshot
        .links
        .iter()
        .filter_map(|(path, target)| match snapshot.lead(path) {
            Led::File(_) | Led::Folder(_) => None,
            Led::Outside(_) => Some((path.clone(), withheld::leaving(path, target))),
            Led::Nowhere => Some((path.clone(), withheld::dangling(path, target))),
            Led::Endless => Some((path.clone(), withheld::endless(path))),
        })
        .collect();
    for (path, problem) in problems {
        // A link into a submodule that is not there has its reason already.
        if !snapshot.withheld.iter().any(|one| one.path == path) {
            snapshot.withhold(&path, problem);
        }
    }
}

fn shared<T>(result: &Result<T, Diagnostic>) -> Result<&T, Diagnostic> {
    result.as_ref().map_err(Clone::clone)
}
