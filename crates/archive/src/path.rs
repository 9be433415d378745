//! Which paths a member may have.

use std::collections::BTreeSet;

use crate::ArchiveError;
use crate::error::shown;

/// The most bytes of a path: Linux's limit (`PATH_MAX`).
pub(crate) const MAX_PATH_BYTES: usize = 4_096;

/// Refuses a path that could leave the folder it is unpacked to on any operating system, or that
/// two tools could interpret differently.
pub(crate) fn check(path: &str) -> Result<(), ArchiveError> {
    match problem(path) {
        Some(why) => Err(ArchiveError::Path { member: shown(path.as_bytes()), why }),
        None => Ok(()),
    }
}

/// The paths of an archive so far.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Paths {
    /// Adds the path of a file.
    pub(crate) fn file(&mut self, path: &str) -> Result<(), ArchiveError> {
        if self.files.insert(path.to_owned()) {
            Ok(())
        } else {
            Err(ArchiveError::Duplicate { member: shown(path.as_bytes()) })
        }
    }

    /// Adds the path of a folder, without a trailing slash. Folders may appear twice.
    pub(crate) fn folder(&mut self, path: &str) {
        self.folders.insert(path.to_owned());
    }

    /// Refuses a file that is a folder in other paths.
    pub(crate) fn finish(&self) -> Result<(), ArchiveError> {
        for file in &self.files {
            let inside = format!("{file}/");
            let parent_of = |paths: &BTreeSet<String>| {
                paths.range(inside.clone()..).next().is_some_and(|next| next.starts_with(&inside))
            };
            if self.folders.contains(file) || parent_of(&self.files) || parent_of(&self.folders) {
                return Err(ArchiveError::FileAndFolder { member: shown(file.as_bytes()) });
            }
        }
        Ok(())
    }
}

fn problem(path: &str) -> Option<&'static str> {
    let mut start = path.chars();
    let drive = start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.next() == Some(':');
    if path.is_empty() {
        Some("is empty")
    } else if path.len() > MAX_PATH_BYTES {
        Some("is longer than 4,096 bytes")
    } else if path.starts_with('/') || drive {
        Some("is absolute")
    } else if path.contains('\\') {
        Some("holds a backslash, which is a separator on Windows")
    } else if path.chars().any(char::is_control) {
        Some("holds a control character")
    } else if path.split('/').any(|part| part == "..") {
        Some("leaves the archive's folder")
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some("has an empty or `.` part")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_could_leave_the_folder_are_refused() {
        let long = "a".repeat(MAX_PATH_BYTES + 1);
        let cases =
            ["", "/a", "../a", "a/..", "a//b", "./a", "a/.", "a/", "a\\b", "C:a", "a\0b", "a\nb"];
        for path in cases.into_iter().chain([long.as_str()]) {
            assert!(matches!(check(path), Err(ArchiveError::Path { .. })), "{path:?} was accepted");
        }
        for path in ["a", "a/b c", "a/..b", "ä/ß", "Foo::Bar.3pm", "-a", "..."] {
            assert_eq!(check(path), Ok(()), "{path:?} was refused");
        }
    }

    #[test]
    fn a_path_is_a_file_or_a_folder_but_not_both() {
        let finish = |files: &[&str], folders: &[&str]| {
            let mut paths = Paths::default();
            for file in files {
                paths.file(file).unwrap();
            }
            for folder in folders {
                paths.folder(folder);
            }
            paths.finish()
        };
        assert_eq!(finish(&["a/b", "a/c", "a-b", "a.b"], &["a", "a"]), Ok(()));
        for (files, folders) in [(&["a", "a/b"][..], &[][..]), (&["a"], &["a"]), (&["a"], &["a/b"])]
        {
            let expected = Err(ArchiveError::FileAndFolder { member: "a".to_owned() });
            assert_eq!(finish(files, folders), expected, "{files:?} {folders:?}");
        }
        let mut twice = Paths::default();
        twice.file("a").unwrap();
        assert_eq!(twice.file("a"), Err(ArchiveError::Duplicate { member: "a".to_owned() }));
    }
}
