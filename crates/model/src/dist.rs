//! The release's folder as the checks see it.

use crate::{Diagnostic, Digest};

/// Something in the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path with `/`, relative to the folder.
    pub path: String,
    /// Whether it is a regular file: not a link, not a device, not an empty folder.
    pub regular: bool,
}

/// A folder that holds a release. Implemented over a disk, or over bytes in memory.
pub trait Dist {
    /// All that is in it, sorted by path: files, and folders that hold nothing.
    ///
    /// # Errors
    /// When it cannot be listed whole.
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic>;

    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// `file-missing` when it is not there, `file-too-large` above `limit` bytes, `file-failed`
    /// when it cannot be read.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic>;

    /// The regular files below `folder`, sorted by path.
    ///
    /// # Errors
    /// As [`Dist::entries`].
    fn files_in(&self, folder: &str) -> Result<Vec<String>, Diagnostic> {
        let inside = format!("{folder}/");
        let entries = self.entries()?.into_iter();
        let files = entries.filter(|entry| entry.regular && entry.path.starts_with(&inside));
        Ok(files.map(|entry| entry.path).collect())
    }

    /// Length of the file at `path`, in bytes, without reading it.
    ///
    /// # Errors
    /// As [`Dist::read`], without a limit.
    fn size(&self, path: &str) -> Result<u64, Diagnostic>;

    /// Length and digest of the file at `path`.
    ///
    /// # Errors
    /// As [`Dist::read`], without a limit.
    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic>;
}
