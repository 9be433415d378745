//! A sealed folder while it goes out: each file is hashed once, several at a time, and only where
//! its bytes leave.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use model::{Diagnostic, Digest, FileEntry, Manifest};
use verify::{Dist, Entry};

use crate::folder::Folder;
use crate::sealed::Sealed;

/// The folder, and what is known of its files' bytes. The manifest is the one that was read before,
/// so that what is verified is what goes out.
///
/// A file that the manifest lists and that stays here is taken at the manifest's word, as long as
/// it has the size that it says: nobody gets to see it.
pub(super) struct Measured<'d> {
    folder: &'d Folder,
    sealed: &'d Sealed,
    /// Two names of one file, such as a download and what it stands for, have one digest.
    known: RefCell<BTreeMap<Identity, (u64, Digest)>>,
}

/// What tells a file from all others, and from itself once it is written to.
type Identity = (u64, u64, u64, i64);

/// Threads that hash: more than this only wait for the disk.
const MAX_THREADS: usize = 4;

impl<'d> Measured<'d> {
    /// Hashes the listed files that `leaves` picks by path.
    pub(super) fn new(
        folder: &'d Folder,
        sealed: &'d Sealed,
        leaves: &dyn Fn(&str) -> bool,
    ) -> Self {
        let artifacts = sealed.manifest.artifacts.iter();
        let (leaving, staying): (Vec<&FileEntry>, Vec<&FileEntry>) = artifacts
            .flat_map(|artifact| std::iter::once(&artifact.file).chain(&artifact.files))
            .partition(|file| leaves(&file.path));
        let mut known = hash_all(folder, leaving);
        let downloads = downloads(&sealed.manifest);
        for file in staying {
            let identity = identity_of(folder, &file.path, file.size);
            known.extend(identity.map(|identity| (identity, (file.size, file.digest))));
            // Copies, not links, where the folder came through a store of artifacts.
            if let Some(name) = downloads.get(file.path.as_str()) {
                let identity = identity_of(folder, &format!("github/{name}"), file.size);
                known.extend(identity.map(|identity| (identity, (file.size, file.digest))));
            }
        }
        Self { folder, sealed, known: RefCell::new(known) }
    }
}

impl Dist for Measured<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        self.folder.entries()
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        match path {
            Manifest::FILE => Ok(self.sealed.bytes.clone()),
            _ => self.folder.read(path, limit),
        }
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        match path {
            Manifest::FILE => Ok(self.sealed.bytes.len() as u64),
            _ => self.folder.size(path),
        }
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        if path == Manifest::FILE {
            return Ok((self.sealed.bytes.len() as u64, self.sealed.digest));
        }
        let Some(identity) = identity(self.folder, path) else { return self.folder.measure(path) };
        if let Some(known) = self.known.borrow().get(&identity) {
            return Ok(*known);
        }
        let measured = self.folder.measure(path)?;
        self.known.borrow_mut().insert(identity, measured);
        Ok(measured)
    }
}

/// The names under which files lie once more as downloads, by their paths. Where a file stays, so
/// does its download: the gate lets both go to the same destination.
fn downloads(manifest: &Manifest) -> BTreeMap<&str, &str> {
    manifest.assets.iter().map(|asset| (asset.path.as_str(), asset.name.as_str())).collect()
}

/// The file at `path`, if it has that size.
fn identity_of(folder: &Folder, path: &str, size: u64) -> Option<Identity> {
    identity(folder, path).filter(|(_, _, found, _)| *found == size)
}

/// The digests of `files`, largest first so that no thread ends up alone with a large one. What
/// cannot be read, or has another size than it should, is left to whoever asks for it.
fn hash_all(folder: &Folder, mut files: Vec<&FileEntry>) -> BTreeMap<Identity, (u64, Digest)> {
    files.retain(|file| folder.size(&file.path).is_ok_and(|size| size == file.size));
    files.sort_by_key(|file| std::cmp::Reverse(file.size));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut measured = Vec::new();
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(identity) = identity(folder, &file.path) else { continue };
            if let Ok(found) = folder.measure(&file.path) {
                measured.push((identity, found));
            }
        }
        measured
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(files.len())).map(|_| scope.spawn(work)).collect();
        let mut known: BTreeMap<_, _> = work().into_iter().collect();
        // A thread that ended early leaves its files to whoever asks for them.
        known.extend(workers.into_iter().filter_map(|worker| worker.join().ok()).flatten());
        known
    })
}

#[cfg(unix)]
fn identity(folder: &Folder, path: &str) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let about = folder.join(path).symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    let changed = about.ctime().wrapping_mul(1_000_000_000).wrapping_add(about.ctime_nsec());
    Some((about.dev(), about.ino(), about.len(), changed))
}

/// Elsewhere each name is hashed by itself.
#[cfg(not(unix))]
fn identity(_: &Folder, _: &str) -> Option<Identity> {
    None
}

#[cfg(test)]
mod tests {
    use model::{Release, ToolUse, Version};

    use super::*;

    /// Whoever may write into the folder meanwhile cannot have another release verified.
    #[test]
    fn the_manifest_is_the_one_that_was_read_and_not_the_one_that_lies_there() {
        let release = Release::new(Version::parse("1.0.0").unwrap());
        let manifest = Manifest::new(ToolUse::default(), release);
        let bytes = manifest.render().unwrap().into_bytes();
        let sealed = Sealed::of(manifest, bytes.clone(), release::FORMATS);
        let nowhere = Folder::new("nowhere");
        let dist = Measured::new(&nowhere, &sealed, &|_| true);
        let size = bytes.len() as u64;
        assert_eq!(dist.read(Manifest::FILE, size), Ok(bytes.clone()));
        assert_eq!(dist.size(Manifest::FILE), Ok(size));
        assert_eq!(dist.measure(Manifest::FILE), Ok((size, Digest::of(&bytes))));
    }
}
