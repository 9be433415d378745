//! Staged copies: backends never run in the user's tree.
//!
//! A copy holds exactly the source's files, with modes 0644 or 0755 and one time, so that neither
//! the checkout's umask nor its times reach an artifact. Links stay links.

use std::fs::{self, File, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use archive::Entry;
use model::Diagnostic;

use crate::codes;
use crate::disk::{cannot, is_executable, link, make, set_mode};
use crate::source::{Kind, Led, Source};
use crate::unfinished;

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
        unfinished::add(folder);
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
        unfinished::forget(&self.0);
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

/// Copies the tree that was written at `from` into `to`, links as links.
///
/// # Errors
/// When a file cannot be copied.
pub(crate) fn copy(
    source: &Source,
    from: &Path,
    to: &Path,
    clock: Clock,
) -> Result<(), Diagnostic> {
    let time = (clock == Clock::Epoch).then(|| time_of(source.facts().epoch));
    for (path, file) in source.below(".")? {
        let (from, target) = (from.join(path), to.join(path));
        if let Some(parent) = target.parent() {
            make(to, parent).map_err(|error| cannot("make", parent, &error))?;
        }
        let copied = match file.kind {
            Kind::Link => fs::read_link(&from).and_then(|leads| link(&leads, &target)),
            kind => copy_file(&from, &target, time)
                .and_then(|()| set_mode(&target, kind == Kind::Executable)),
        };
        copied.map_err(|error| cannot("copy", &from, &error))?;
    }
    Ok(())
}

/// Reads the files below `prefix` of the tree that was written at `from`, with paths relative to
/// it, for formats that have no links: what a link leads to stands in its place.
///
/// # Errors
/// When a file cannot be read, or a link has no end.
pub(crate) fn entries(
    source: &Source,
    from: &Path,
    prefix: &str,
) -> Result<Vec<Entry>, Diagnostic> {
    // The folder itself may be reached through a link.
    let start = match source.lead(prefix)? {
        Led::Folder(end) if prefix != "." => end,
        _ => prefix.to_owned(),
    };
    let mut entries = Vec::new();
    Followed { source, from }.add(&start, "", &mut vec![start.clone()], &mut entries)?;
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// Reads what is at `path` of the tree that was written at `from`: of a file, one entry without a
/// path; of a folder, all below it, as for [`entries`].
///
/// # Errors
/// As [`entries`].
pub(crate) fn picked(source: &Source, from: &Path, path: &str) -> Result<Vec<Entry>, Diagnostic> {
    match source.lead(path)? {
        Led::File(end) => Ok(vec![Followed { source, from }.entry(String::new(), &end)?]),
        Led::Folder(end) => entries(source, from, &end),
        // The plan has found something there, or was refused.
        Led::Outside(_) | Led::Nowhere | Led::Endless => Ok(Vec::new()),
    }
}

/// A tree whose links are followed.
struct Followed<'s> {
    source: &'s Source,
    from: &'s Path,
}

impl Followed<'_> {
    /// Adds what lies below `folder`, with `inside` before its path. `above` are the folders that
    /// are being added already.
    fn add(
        &self,
        folder: &str,
        inside: &str,
        above: &mut Vec<String>,
        entries: &mut Vec<Entry>,
    ) -> Result<(), Diagnostic> {
        for (path, file) in self.source.below(folder)? {
            let relative =
                if folder == "." { path } else { path.get(folder.len() + 1..).unwrap_or(path) };
            let name = format!("{inside}{relative}");
            let led = match file.kind {
                Kind::Link => self.source.lead(path)?,
                _ => Led::File(path.to_owned()),
            };
            match led {
                Led::File(end) => entries.push(self.entry(name, &end)?),
                Led::Folder(end) if above.contains(&end) => return Err(endless(path)),
                Led::Folder(end) => {
                    above.push(end.clone());
                    self.add(&end, &format!("{name}/"), above, entries)?;
                    above.pop();
                }
                // What a unit is built from has no such link: the plan was refused.
                Led::Outside(_) | Led::Nowhere | Led::Endless => {}
            }
        }
        Ok(())
    }

    fn entry(&self, name: String, path: &str) -> Result<Entry, Diagnostic> {
        let file = self.from.join(path);
        let bytes = fs::read(&file).map_err(|error| cannot("read", &file, &error))?;
        let about = self.source.file(path)?;
        let executable = about.is_some_and(|about| about.kind == Kind::Executable);
        Ok(Entry { path: name, bytes, executable })
    }
}

fn endless(path: &str) -> Diagnostic {
    let message = format!("the link `{path}` leads to a folder that it lies in");
    Diagnostic::new(&codes::TREE_LINK_LOOPS, message)
        .at(model::Location::file(path))
        .help("replace the link with a copy of what it points to, or remove it")
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
    let executable = fs::metadata(from).is_ok_and(|about| is_executable(&about));
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
