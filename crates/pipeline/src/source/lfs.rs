//! Git LFS: which files are pointers, and where what they stand for lies.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Diagnostic, Digest, Location};

use crate::codes;

/// What a pointer says of the file that it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    /// SHA-256 in hexadecimal.
    digest: String,
    size: u64,
}

/// No pointer is longer (git-lfs, docs/spec.md, "The Pointer").
pub(super) const MAX_POINTER_BYTES: usize = 1024;

impl Pointer {
    /// Reads a pointer; nothing where `bytes` are none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() >= MAX_POINTER_BYTES {
            return None;
        }
        let text = str::from_utf8(bytes).ok()?;
        let mut lines = text.lines();
        let version = lines.next()?.strip_prefix("version ")?;
        // The second one is how it was called before it was Git LFS.
        if !["https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1"]
            .contains(&version)
        {
            return None;
        }
        let (mut digest, mut size) = (None, None);
        for line in lines {
            match line.split_once(' ')? {
                ("oid", value) => digest = value.strip_prefix("sha256:").map(str::to_owned),
                ("size", value) => size = value.parse().ok(),
                _ => {}
            }
        }
        let digest = digest
            .filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        Some(Self { digest: digest?, size: size? })
    }

    /// The file that holds what it stands for: `file` of the work tree, or the one in the store of
    /// the repository's folder `common`. Nothing where neither is what the pointer says.
    pub(super) fn content(&self, file: &Path, common: &Path) -> Option<PathBuf> {
        let (first, rest) = (self.digest.get(..2)?, self.digest.get(2..4)?);
        let stored = common.join("lfs/objects").join(first).join(rest).join(&self.digest);
        [file.to_owned(), stored].into_iter().find(|path| self.is(path))
    }

    fn is(&self, path: &Path) -> bool {
        let about = path.symlink_metadata();
        if !about.is_ok_and(|about| about.is_file() && about.len() == self.size) {
            return false;
        }
        let bytes = fs::read(path);
        bytes.is_ok_and(|bytes| Digest::of(&bytes).hex().eq_ignore_ascii_case(&self.digest))
    }
}

/// Why a pointer is not released.
pub(super) fn lacking(path: &str) -> Diagnostic {
    let message = format!("`{path}` is a Git LFS pointer, and its content is not here");
    Diagnostic::new(&codes::TREE_LFS, message)
        .at(Location::file(path))
        .help(format!("run `git lfs pull --include=\"{path}\"`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "version https://git-lfs.github.com/spec/v1\n\
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    #[test]
    fn a_pointer_is_told_from_a_file_that_speaks_of_one() {
        assert_eq!(Pointer::read(TEXT.as_bytes()).unwrap().size, 12345);
        let old = TEXT.replace("git-lfs.github", "hawser.github");
        assert!(Pointer::read(old.as_bytes()).is_some());
        let extended = TEXT.replace("oid", "ext-0-foo sha256:aa\noid");
        assert!(Pointer::read(extended.as_bytes()).is_some());
        for other in [
            String::new(),
            TEXT.replace("/v1", "/v9"),
            TEXT.replace("sha256:4d", "sha256:"),
            TEXT.replace("size 12345", "size many"),
            format!("A pointer:\n{TEXT}"),
            format!("{TEXT}{}", "a b\n".repeat(300)),
        ] {
            assert_eq!(Pointer::read(other.as_bytes()), None, "{other}");
        }
    }
}
