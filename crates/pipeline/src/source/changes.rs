//! What of a work tree differs from its commit, as git with the person's configuration sees it.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use model::Diagnostic;

use super::{git, objects};
use crate::disk;
use objects::Temporary;

/// Paths that differ from the commit, below one folder.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Tracked ones, and those that git does not know yet and does not ignore.
    pub(super) paths: BTreeSet<String>,
    /// Folders with a repository of their own that the commit does not know.
    pub(super) strangers: BTreeSet<String>,
}

/// One line of `git status`.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    /// From the top of the repository.
    path: &'a [u8],
    /// Whether commit and index agree, and nothing but the bytes on disk may differ.
    bytes_only: bool,
}

impl Changes {
    /// Those below `folder`, which is `prefix` of its work tree, that `belongs` says are sources.
    pub(super) fn below(
        folder: &Path,
        prefix: &str,
        belongs: impl Fn(&str) -> bool,
    ) -> Result<Self, Diagnostic> {
        // Each walks the tree by itself.
        let (status, unknown) = thread::scope(|scope| {
            let status = scope.spawn(|| git::ask(folder, STATUS));
            let unknown = git::ask(folder, UNKNOWN);
            let broken = |_| Err(git::failed("a question was broken off"));
            (status.join().unwrap_or_else(broken), unknown)
        });
        let (status, unknown) = (status?, unknown?);
        let mut changes = Self::default();
        for field in git::fields(&unknown) {
            let path = git::path(field)?;
            match path.strip_suffix('/') {
                Some(stranger) => changes.strangers.insert(stranger.to_owned()),
                None => changes.paths.insert(path.to_owned()),
            };
        }
        let mut doubtful = Vec::new();
        for field in git::fields(&status) {
            let line = Line::read(field).ok_or_else(|| git::failed("its status is unclear"))?;
            let Some(path) = git::path(line.path)?.strip_prefix(prefix) else { continue };
            changes.paths.insert(path.to_owned());
            doubtful.extend(line.bytes_only.then_some(path));
        }
        changes.paths.retain(|path| belongs(path));
        changes.strangers.retain(|path| belongs(path));
        doubtful.retain(|path| changes.paths.contains(*path));
        for path in as_checked_out(folder, prefix, &doubtful)? {
            changes.paths.remove(path);
        }
        Ok(changes)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.strangers.is_empty()
    }
}

impl<'a> Line<'a> {
    /// Reads a line (git-status, "Porcelain Format Version 2").
    fn read(line: &'a [u8]) -> Option<Self> {
        let words = |count| line.splitn(count, |byte| *byte == b' ').collect::<Vec<_>>();
        match line.first()? {
            // XY, submodule, modes in HEAD, index and work tree, names in HEAD and index, path.
            b'1' => {
                let [_, state, _, head, index, disk, old, new, path] = words(9).try_into().ok()?;
                let bytes_only = state == b".M" && head == index && index == disk && old == new;
                Some(Self { path, bytes_only })
            }
            // Unmerged: the same with a mode and a name for each of three stages.
            b'u' => Some(Self { path: words(11).pop()?, bytes_only: false }),
            _ => None,
        }
    }
}

/// Those of `files` that are on disk what a checkout of the index would write.
///
/// Git calls a file modified whose bytes it would commit otherwise, such as one with CRLF at the
/// end of lines under an attribute that asks for LF; and does so or not depending on the times that
/// its index holds.
fn as_checked_out<'p>(
    folder: &Path,
    prefix: &str,
    files: &[&'p str],
) -> Result<Vec<&'p str>, Diagnostic> {
    let mut list = Vec::new();
    for path in files {
        list.extend_from_slice(path.as_bytes());
        list.push(0);
    }
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let written = Temporary::new()?;
    let mut command = git::command(folder);
    // Git LFS would fetch what it does not have; it is asked about elsewhere.
    command.args(["-c", "filter.lfs.smudge=", "-c", "filter.lfs.process="]);
    command.args(["-c", "filter.lfs.required=false", "checkout-index", "-z", "--stdin"]);
    command.arg(format!("--prefix={}/", written.path().display()));
    objects::feed(&mut command, &list)?;
    let is_same = |path: &str| {
        let (here, there) = (folder.join(path), written.path().join(format!("{prefix}{path}")));
        let read = |file: &Path| disk::text(file).ok().flatten();
        read(&here).is_some_and(|bytes| read(&there) == Some(bytes))
    };
    Ok(files.iter().copied().filter(|path| is_same(path)).collect())
}

/// What of the tracked files differs. What is inside of a submodule, it is asked itself.
const STATUS: &[&str] = &[
    "status",
    "--porcelain=v2",
    "-z",
    "--untracked-files=no",
    "--no-renames",
    "--ignore-submodules=dirty",
    "--",
    ".",
];

/// What git does not know yet and does not ignore.
const UNKNOWN: &[&str] = &["ls-files", "--others", "--exclude-standard", "-z"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_status_names_a_path_and_what_differs() {
        let line = |text: &'static str| {
            let line = Line::read(text.as_bytes()).unwrap();
            (str::from_utf8(line.path).unwrap(), line.bytes_only)
        };
        let bytes = "1 .M N... 100644 100644 100644 aa aa a b.txt";
        assert_eq!(line(bytes), ("a b.txt", true));
        assert_eq!(line("1 .M N... 100644 100644 100755 aa aa a"), ("a", false), "its mode");
        assert_eq!(line("1 M. N... 100644 100644 100644 aa bb a"), ("a", false), "its index");
        assert_eq!(line("1 .D N... 100644 100644 000000 aa aa a"), ("a", false), "it is gone");
        let unmerged = "u UU N... 100644 100644 100644 100644 aa bb cc a b";
        assert_eq!(line(unmerged), ("a b", false));
        assert_eq!(Line::read(b"2 R. whatever"), None);
    }
}
