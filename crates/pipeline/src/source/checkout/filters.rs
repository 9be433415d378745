//! Files that git stores in another form than they are meant: Git LFS pointers, and what other
//! filters make.

use model::Diagnostic;

use super::super::commit::Commit;
use super::super::snapshot::{Kind, Origin, Snapshot};
use super::super::{lfs, withheld};
use super::Checkout;
use crate::disk;

impl Checkout {
    /// Finds the content of Git LFS pointers, and withholds what another filter would make.
    pub(super) fn add_filters(
        &self,
        snapshot: &mut Snapshot,
        commit: &Commit,
    ) -> Result<(), Diagnostic> {
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
}
