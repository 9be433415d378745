//! Staged copies: backends never run in the user's tree.
//!
//! A copy holds exactly the source's files, with modes 0644 or 0755 and one time, so that neither
//! the checkout's umask nor its times reach an artifact.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use archive::Entry;
use model::Diagnostic;

use crate::codes;
use crate::source::Source;

/// A folder that is removed when dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder at `folder`; what a killed run left there is removed.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn at(folder: &Path) -> Result<Self, Diagnostic> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(cannot("empty", folder, &error));
            }
            _ => {}
        }
        fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
        Ok(Self(folder.to_owned()))
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays costs room and nothing else, so there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Which time the files of a copy carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// `SOURCE_DATE_EPOCH`, so that the checkout's times reach no archive.
    Epoch,
    /// The time of copying: for tools that compare times to see what changed.
    Now,
}

/// Copies the source's files below `prefix` (`.` for all) into `to`, at their own paths.
///
/// # Errors
/// When a file cannot be copied, or a link leaves the tree.
pub(crate) fn copy(
    source: &Source,
    prefix: &str,
    to: &Path,
    clock: Clock,
) -> Result<(), Diagnostic> {
    let time = (clock == Clock::Epoch).then(|| time_of(source.facts().epoch));
    for path in source.paths().iter().filter(|path| is_below(path, prefix)) {
        let from = source.root().join(path);
        let target = to.join(path);
        let real = inside(source.root(), &from, path)?;
        if real.is_dir() {
            continue;
        }
        if let Some(parent) = target.parent() {
            make(to, parent).map_err(|error| cannot("make", parent, &error))?;
        }
        copy_file(&real, &target, time).map_err(|error| cannot("copy", &from, &error))?;
    }
    Ok(())
}

/// Reads the source's files below `prefix`, with paths relative to it.
///
/// # Errors
/// When a file cannot be read, or a link leaves the tree.
pub(crate) fn entries(source: &Source, prefix: &str) -> Result<Vec<Entry>, Diagnostic> {
    let mut entries = Vec::new();
    for path in source.paths().iter().filter(|path| is_below(path, prefix)) {
        let from = source.root().join(path);
        let real = inside(source.root(), &from, path)?;
        if real.is_dir() {
            continue;
        }
        let relative =
            if prefix == "." { path } else { path.get(prefix.len() + 1..).unwrap_or(path) };
        let bytes = fs::read(&real).map_err(|error| cannot("read", &from, &error))?;
        entries.push(Entry { path: relative.to_owned(), bytes, executable: is_executable(&real) });
    }
    Ok(entries)
}

/// Makes `folder`, and what is missing above it below `root`, for everyone to read: an image may
/// take over the modes of folders.
fn make(root: &Path, folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|at| at.starts_with(root) && !at.is_dir()).collect();
    fs::create_dir_all(folder)?;
    missing.into_iter().try_for_each(|folder| set_mode(folder, true))
}

fn is_below(path: &str, prefix: &str) -> bool {
    prefix == "." || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'))
}

fn inside(root: &Path, from: &Path, path: &str) -> Result<PathBuf, Diagnostic> {
    let real = from.canonicalize().map_err(|error| cannot("read", from, &error))?;
    if real.starts_with(root) {
        return Ok(real);
    }
    Err(Diagnostic::new(
        &codes::TREE_LINK_LEAVES,
        format!("`{path}` is a link to `{}`, outside the tree", real.display()),
    )
    .at(model::Location::file(path))
    .help("replace the link by the file it points at"))
}

/// Copies one file, with its mode and the time `epoch`.
///
/// # Errors
/// When it cannot be copied.
pub(crate) fn put(from: &Path, to: &Path, executable: bool, epoch: u64) -> Result<(), Diagnostic> {
    let done = copy_file(from, to, Some(time_of(epoch))).and_then(|()| set_mode(to, executable));
    done.map_err(|error| cannot("copy", from, &error))
}

fn copy_file(from: &Path, to: &Path, time: Option<SystemTime>) -> io::Result<()> {
    let executable = is_executable(from);
    let mut reader = File::open(from)?;
    let mut writer = File::create(to)?;
    io::copy(&mut reader, &mut writer)?;
    set_mode(to, executable)?;
    match time {
        Some(time) => writer.set_times(FileTimes::new().set_modified(time).set_accessed(time)),
        None => Ok(()),
    }
}

fn time_of(epoch: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(epoch)
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    false
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if executable { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}

pub(crate) fn cannot(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        &model::codes::FILE_FAILED,
        format!("cannot {verb} `{}`: {error}", path.display()),
    )
}
