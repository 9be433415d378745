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
use crate::out::{Out, WAY_OUT, not_ours};
use crate::unfinished;

/// A `dist/` in the making. Dropped before [`PendingDist::finish`], it leaves nothing behind.
pub(crate) struct PendingDist {
    out: Out,
    next: Folder,
    /// Folders above it that were not there before, the deepest first.
    made: Vec<PathBuf>,
    done: bool,
}

impl PendingDist {
    /// An empty folder beside `out`. `is_foreign` says whether git tracks something in there that
    /// is no release.
    ///
    /// # Errors
    /// When something is there that we did not make, or the folder cannot be made.
    pub(crate) fn beside(out: &Out, is_foreign: bool) -> Result<Self, Failure> {
        let dist = out.path();
        let shown = dist.display();
        if is_foreign {
            let message = format!("git tracks files in `{shown}`, which are not a release");
            return Err(Failure::usage(not_ours(message)));
        }
        let ours = [Manifest::FILE, Record::FILE].iter().any(|file| dist.join(file).is_file());
        if dist.symlink_metadata().is_ok() && !ours && !is_empty(dist) {
            let message = format!("`{shown}` {}", foreign(dist));
            return Err(Failure::usage(not_ours(message)));
        }
        let next = out.next();
        let above = next.ancestors().skip(1);
        let made = above.take_while(|folder| folder.symlink_metadata().is_err());
        let made: Vec<PathBuf> = made.map(Path::to_owned).collect();
        let pending = Self { out: out.clone(), next: Folder::new(next), made, done: false };
        let next = pending.next.root();
        unfinished::add(next);
        remove(next)
            .and_then(|()| fs::create_dir_all(next))
            .map_err(|error| failed(next, &error).help(WAY_OUT))?;
        Ok(pending)
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
        let (dist, last) = (self.out.path().to_owned(), self.out.last());
        let swap = || {
            // Between the two renames there is no `dist/`.
            let mut unfinished = unfinished::hold();
            remove(&last)?;
            if dist.symlink_metadata().is_ok() {
                fs::rename(&dist, &last)?;
            }
            fs::rename(self.next.root(), &dist).inspect_err(|_| {
                // Nothing was put there, so this leaves what was there before.
                let _ = fs::rename(&last, &dist);
            })?;
            unfinished.remove(self.next.root());
            remove(&last)
        };
        swap().map_err(|error| failed(&dist, &error).help(WAY_OUT))?;
        self.done = true;
        Ok(dist)
    }
}

impl Drop for PendingDist {
    fn drop(&mut self) {
        if !self.done {
            // What stays is replaced by the next run, so there is nobody to tell.
            let _ = remove(self.next.root());
            unfinished::forget(self.next.root());
            for folder in &self.made {
                let _ = fs::remove_dir(folder);
            }
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
    let bytes = dist.read(Record::FILE, MAX_JSON_BYTES).map_err(|problem| {
        let message = match *problem.code == model::codes::FILE_MISSING {
            true => format!("`{}` holds no build to seal", dist.root().display()),
            false => problem.message.clone(),
        };
        Diagnostic { message, ..problem }.help(BUILD)
    })?;
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

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// What is in the way at `dist`, which is no release.
fn foreign(dist: &Path) -> String {
    const SHOWN: usize = 3;
    let Ok(entries) = fs::read_dir(dist) else {
        return "is a file, or cannot be read".to_owned();
    };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let more = if names.len() > SHOWN { ", …" } else { "" };
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        1 => format!("holds 1 foreign file ({shown})"),
        count => format!("holds {count} foreign files ({shown}{more})"),
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn failed(path: &Path, error: &io::Error) -> Diagnostic {
    let folder = path.parent().unwrap_or(path);
    Diagnostic::new(
        &model::codes::FILE_FAILED,
        format!("cannot write to `{}`: {error}", folder.display()),
    )
}
