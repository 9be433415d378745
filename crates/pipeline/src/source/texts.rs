//! The texts of a tree on disk, by path; never one from outside it.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::limits::MAX_TEXT_BYTES;
use model::{Found, path_problem};

/// Reads texts below a folder.
#[derive(Debug)]
pub(super) struct Texts {
    root: PathBuf,
    /// Folders known to be no links. A large plan asks for thousands of files in them, and each
    /// question to the system costs more than parsing a small manifest.
    plain: Mutex<BTreeSet<String>>,
}

impl Texts {
    /// Those below `root`, which holds no link itself.
    pub(super) fn below(root: PathBuf) -> Self {
        Self { root, plain: Mutex::default() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// What stands at `path`, as [`model::Tree::find`] asks it.
    pub(super) fn find(&self, path: &str) -> Found {
        self.seen(path, |file, about| {
            if !about.is_file() || about.len() > MAX_TEXT_BYTES {
                return Found::NotText;
            }
            match text(file, about.len()) {
                Ok(bytes) => String::from_utf8(bytes).map_or(Found::NotText, Found::Text),
                Err(error) => Found::Unreadable(error.to_string()),
            }
        })
    }

    /// The same without reading anything, as [`model::Tree::look`] asks it.
    pub(super) fn look(&self, path: &str) -> Found {
        self.seen(path, |_, _| Found::File)
    }

    /// What stands at `path`; of a file in the tree, what `file` makes of it.
    fn seen(&self, path: &str, file: impl FnOnce(&Path, &Metadata) -> Found) -> Found {
        if path_problem(path).is_some() {
            return Found::Absent;
        }
        match self.locate(path) {
            Ok((real, _)) if !real.starts_with(&self.root) => {
                Found::Outside(real.display().to_string())
            }
            Ok((_, about)) if about.is_dir() => Found::Folder,
            Ok((real, about)) => file(&real, &about),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Found::Absent,
            Err(error) => Found::Unreadable(error.to_string()),
        }
    }

    /// Where a path of the tree leads, and what is there. Only a path with a link in it is followed
    /// from the root of the system.
    fn locate(&self, path: &str) -> io::Result<(PathBuf, Metadata)> {
        let full = self.root.join(path);
        let linked = match path.rsplit_once('/') {
            Some((folder, _)) => !self.is_plain(folder)?,
            None => false,
        };
        let about = full.symlink_metadata()?;
        if !linked && !about.is_symlink() {
            return Ok((full, about));
        }
        let real = full.canonicalize()?;
        let about = fs::metadata(&real)?;
        Ok((real, about))
    }

    /// Whether no part of `folder` is a link.
    fn is_plain(&self, folder: &str) -> io::Result<bool> {
        if self.known().contains(folder) {
            return Ok(true);
        }
        let above = folder.rsplit_once('/').map_or(Ok(true), |(above, _)| self.is_plain(above))?;
        if !above || self.root.join(folder).symlink_metadata()?.is_symlink() {
            return Ok(false);
        }
        self.known().insert(folder.to_owned());
        Ok(true)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.plain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads no more than the limit, should the file grow meanwhile.
fn text(file: &Path, size: u64) -> io::Result<Vec<u8>> {
    // One byte of room more, so that the end is found without another allocation.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    File::open(file)?.take(MAX_TEXT_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_is_followed_inside_the_tree_and_named_when_it_leaves_it() {
        let base = std::env::temp_dir().join(format!("texts-{}", std::process::id()));
        let _ = fs::remove_dir_all(&base);
        let root = base.join("tree");
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::create_dir_all(base.join("outside")).unwrap();
        fs::write(root.join("a/b/file"), "inside").unwrap();
        fs::write(base.join("outside/file"), "outside").unwrap();
        symlink("a/b", root.join("inner")).unwrap();
        symlink("../../outside", root.join("a/out")).unwrap();
        symlink("../../../outside/file", root.join("a/b/leaf")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();

        let texts = Texts::below(root.canonicalize().unwrap());
        let text = |text: &str| Found::Text(text.to_owned());
        // Twice: the second time from the memory of plain folders.
        for _ in 0..2 {
            check(&texts, "a/b/file", &text("inside"));
            check(&texts, "inner/file", &text("inside"));
            check(&texts, "a/b", &Found::Folder);
            check(&texts, ".", &Found::Folder);
            check(&texts, "a/b/none", &Found::Absent);
            check(&texts, "none/file", &Found::Absent);
            check(&texts, "dangling", &Found::Absent);
            check(&texts, "../outside/file", &Found::Absent);
            for leaving in ["a/out/file", "a/b/leaf", "a/out"] {
                for found in [texts.find(leaving), texts.look(leaving)] {
                    assert!(matches!(found, Found::Outside(_)), "{leaving}: {found:?}");
                }
            }
        }
        fs::remove_dir_all(&base).unwrap();
    }

    fn check(texts: &Texts, path: &str, expected: &Found) {
        assert_eq!(texts.find(path), *expected, "{path}");
        let seen = if matches!(expected, Found::Text(_)) { &Found::File } else { expected };
        assert_eq!(texts.look(path), *seen, "{path}");
    }
}
