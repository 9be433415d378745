//! `dist/`: built beside, renamed at the end, never over a folder that is not ours.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Digest, Manifest};
use release::{Formats, Record};
use verify::Dist as _;

use crate::codes;
use crate::folder::Folder;
use crate::options::Failure;

/// The folder's name.
pub(crate) const DIST: &str = "dist";

/// Where it grows until it is done.
const NEXT: &str = ".dist.next";

/// Where the last one waits while the next takes its place.
const LAST: &str = ".dist.last";

/// A `dist/` in the making. Dropped before [`PendingDist::finish`], it leaves nothing behind.
pub(crate) struct PendingDist {
    root: PathBuf,
    next: Folder,
    done: bool,
}

impl PendingDist {
    /// An empty folder beside the `dist/` of the tree at `root`.
    ///
    /// # Errors
    /// When a `dist/` is there that we did not make, or the folder cannot be made.
    pub(crate) fn beside(root: &Path) -> Result<Self, Failure> {
        let dist = root.join(DIST);
        let ours = [Manifest::FILE, Record::FILE].iter().any(|file| dist.join(file).is_file());
        let empty = || fs::read_dir(&dist).is_ok_and(|mut entries| entries.next().is_none());
        if dist.symlink_metadata().is_ok() && !ours && !empty() {
            let message = format!("`{}` holds something that is not a release", dist.display());
            let problem = Diagnostic::new(&codes::DIST_NOT_OURS, message);
            let help = "move it away; only a `dist/` with a `release.json` is replaced";
            return Err(Failure::usage(problem.help(help)));
        }
        let next = root.join(NEXT);
        remove(&next)
            .and_then(|()| fs::create_dir(&next))
            .map_err(|error| failed(&next, &error))?;
        Ok(Self { root: root.to_owned(), next: Folder::new(next), done: false })
    }

    /// The folder to write into.
    pub(crate) fn folder(&self) -> &Folder {
        &self.next
    }

    /// Puts the folder in the place of `dist/`.
    ///
    /// # Errors
    /// When a folder cannot be renamed.
    pub(crate) fn finish(mut self) -> Result<PathBuf, Diagnostic> {
        let (dist, last) = (self.root.join(DIST), self.root.join(LAST));
        let swap = || {
            remove(&last)?;
            if dist.symlink_metadata().is_ok() {
                fs::rename(&dist, &last)?;
            }
            fs::rename(self.next.root(), &dist)?;
            remove(&last)
        };
        swap().map_err(|error| failed(&dist, &error))?;
        self.done = true;
        Ok(dist)
    }
}

impl Drop for PendingDist {
    fn drop(&mut self) {
        if !self.done {
            // What stays is replaced by the next run, so there is nobody to tell.
            let _ = remove(self.next.root());
        }
    }
}

/// Writes a build's record for a later `seal`; gives the digest of its bytes.
pub(crate) fn write_record(dist: &Folder, record: &Record) -> Result<Digest, Diagnostic> {
    let text = serde_json::to_vec_pretty(record).map_err(|error| {
        Diagnostic::new(&codes::RECORD_UNWRITABLE, format!("the record cannot be written: {error}"))
    })?;
    dist.write(Record::FILE, &text, false).map(|file| file.digest)
}

/// Reads the record of the build in `dist`.
pub(crate) fn take_record(dist: &Folder, formats: Formats) -> Result<Record, Diagnostic> {
    let bytes = dist.read(Record::FILE, MAX_JSON_BYTES).map_err(|problem| problem.help(BUILD))?;
    read_record(&bytes, formats)
}

/// Reads a build's record.
pub(crate) fn read_record(bytes: &[u8], formats: Formats) -> Result<Record, Diagnostic> {
    let record = Record::read(bytes, formats.builds).map_err(|error| {
        let message = format!("the record cannot be read: {error}");
        Diagnostic::new(&codes::RECORD_UNREADABLE, message).help(BUILD)
    })?;
    if record.schema == Record::SCHEMA {
        return Ok(record);
    }
    let message = format!("is of schema `{}`, expected `{}`", record.schema, Record::SCHEMA);
    Err(Diagnostic::new(&codes::RECORD_SCHEMA, message).help(BUILD))
}

const BUILD: &str = "run `package-actions build` first";

/// Removes the record once the release is sealed.
pub(crate) fn remove_record(dist: &Folder) -> Result<(), Diagnostic> {
    let path = dist.join(Record::FILE);
    fs::remove_file(&path).map_err(|error| failed(&path, &error))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        &model::codes::FILE_FAILED,
        format!("cannot put `{}` in place: {error}", path.display()),
    )
}
