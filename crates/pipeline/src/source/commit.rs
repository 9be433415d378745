//! The commit that is checked out: what it is, and what git tracks below a folder, by path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use model::Diagnostic;

use super::git;
use crate::out::Tracked;

/// A commit, and its tree below one folder of the repository.
#[derive(Debug)]
pub(super) struct Commit {
    /// Its object name.
    pub(super) id: String,
    /// When it was made, in seconds since 1970.
    pub(super) epoch: u64,
    /// The folder, below the top of the work tree; empty, or with a slash at its end.
    pub(super) prefix: String,
    /// The folder of the repository's objects.
    pub(super) objects: PathBuf,
    /// The folder that all work trees of the repository share.
    pub(super) common: PathBuf,
    /// How objects are named.
    pub(super) naming: Naming,
    /// What git tracks, by path below the folder. Of what did not change since the commit, this is
    /// what the commit holds; and the index is read faster than the commit's many trees.
    pub(super) entries: BTreeMap<String, Entry>,
}

/// What git tracks at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) mode: Mode,
    /// The object's name.
    pub(super) id: String,
}

/// What an entry is (git-fast-import, "filemodify").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    File,
    Executable,
    Link,
    Submodule,
}

/// The hash that names objects (gitformat-hash-function-transition).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    Sha1,
    Sha256,
}

impl Commit {
    /// The commit that is checked out around `folder`, and its tree below that one; nothing where
    /// there is no commit yet, or none that knows the folder.
    pub(super) fn at(folder: &Path) -> Result<Option<Self>, Diagnostic> {
        let (repository, head, tracked) = thread::scope(|scope| {
            let repository = scope.spawn(|| git::ask_text(folder, REPOSITORY));
            let head = scope.spawn(|| git::ask_text(folder, HEAD));
            let tracked = git::ask(folder, TRACKED);
            (joined(repository), joined(head), tracked)
        });
        let (repository, tracked) = (repository?, tracked?);
        let head = match head {
            Ok(head) => head,
            // Before the first commit, HEAD names a branch that is not there.
            Err(_) if git::ask_text(folder, NAMED).is_err() => return Ok(None),
            Err(problem) => return Err(problem),
        };
        let entries = entries(&tracked)?;
        if entries.is_empty() {
            // Unpacked inside somebody else's checkout: that commit says nothing about it.
            return Ok(None);
        }
        let unclear = || git::failed("its answer is unclear");
        let mut lines = repository.lines();
        let mut next = || lines.next().ok_or_else(unclear);
        let (objects, common, naming, prefix) = (next()?, next()?, next()?, next()?);
        let (id, seconds) = head.trim().split_once(' ').ok_or_else(unclear)?;
        Ok(Some(Self {
            id: id.to_owned(),
            epoch: seconds.parse().map_err(|_| unclear())?,
            prefix: prefix.to_owned(),
            objects: folder.join(objects),
            common: folder.join(common),
            naming: if naming == "sha256" { Naming::Sha256 } else { Naming::Sha1 },
            entries,
        }))
    }

    /// Whether something lies below `folder`.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let next = self.entries.range(inside.clone()..).next();
        next.is_some_and(|(path, _)| path.starts_with(&inside))
    }
}

impl Tracked for Commit {
    fn file(&self, path: &str) -> bool {
        self.entries.contains_key(path)
    }

    fn any(&self, path: &str) -> bool {
        self.entries.contains_key(path) || self.has_below(path)
    }
}

/// Where the repository is. The prefix comes last: it may be an empty line.
const REPOSITORY: &[&str] = &[
    "rev-parse",
    "--git-path",
    "objects",
    "--git-common-dir",
    "--show-object-format",
    "--show-prefix",
];

/// Which commit is checked out.
const HEAD: &[&str] = &["log", "-1", "--format=%H %ct", "HEAD"];

/// Which commit HEAD names, whether or not that one can be read.
const NAMED: &[&str] = &["rev-parse", "--verify", "--quiet", "HEAD"];

/// What git tracks below the folder that it is called in.
const TRACKED: &[&str] = &["ls-files", "--stage", "-z"];

fn joined<T>(asked: thread::ScopedJoinHandle<'_, Result<T, Diagnostic>>) -> Result<T, Diagnostic> {
    asked.join().unwrap_or_else(|_| Err(git::failed("a question was broken off")))
}

/// Reads lines of `MODE OBJECT STAGE<tab>PATH` (git-ls-files, "Output").
fn entries(answer: &[u8]) -> Result<BTreeMap<String, Entry>, Diagnostic> {
    let unclear = || git::failed("`git ls-files` answers in an unknown way");
    let mut entries = BTreeMap::new();
    for field in git::fields(answer) {
        let tab = field.iter().position(|byte| *byte == b'\t').ok_or_else(unclear)?;
        let (about, path) = field.split_at(tab);
        let path = git::path(path.get(1..).unwrap_or_default())?;
        let mut words = str::from_utf8(about).map_err(|_| unclear())?.split(' ');
        let (Some(mode), Some(id)) = (words.next(), words.next()) else {
            return Err(unclear());
        };
        let mode = match mode {
            "120000" => Mode::Link,
            "160000" => Mode::Submodule,
            "100755" => Mode::Executable,
            _ => Mode::File,
        };
        entries.insert(path.to_owned(), Entry { mode, id: id.to_owned() });
    }
    Ok(entries)
}

impl Naming {
    /// The name of the blob with this content (gitformat-pack, "Object").
    pub(super) fn of_blob(self, bytes: &[u8]) -> String {
        use sha1::Digest as _;
        let header = format!("blob {}\0", bytes.len());
        match self {
            Self::Sha1 => {
                let mut hash = sha1::Sha1::new();
                hash.update(header.as_bytes());
                hash.update(bytes);
                hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
            }
            Self::Sha256 => model::Digest::of(&[header.as_bytes(), bytes].concat()).hex(),
        }
    }

    /// As git's configuration spells it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_have_the_names_that_git_gives_them() {
        // `printf 'a\n' | git hash-object --stdin`.
        assert_eq!(Naming::Sha1.of_blob(b"a\n"), "78981922613b2afb6025042ff6bd878ac1994e85");
        assert_eq!(
            Naming::Sha256.of_blob(b"a\n"),
            "f8625e43f9e04f24291f77cdbe4c71b3c2a3b0003f60419b3ed06a058d766c8b"
        );
    }

    #[test]
    fn an_entry_is_what_its_mode_says() {
        let entries = entries(
            b"100644 aa 0\ta\x00100755 bb 0\tb c\0\
              120000 cc 0\td/e\x00160000 dd 0\tf\0",
        )
        .unwrap();
        let modes: Vec<(&str, Mode)> =
            entries.iter().map(|(path, entry)| (path.as_str(), entry.mode)).collect();
        assert_eq!(
            modes,
            [
                ("a", Mode::File),
                ("b c", Mode::Executable),
                ("d/e", Mode::Link),
                ("f", Mode::Submodule),
            ]
        );
        assert!(super::entries(b"100644 aa 0\t\xff\0").is_err());
    }
}
