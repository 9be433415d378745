//! Archives as values: tar, gzip and zip, written so that the same input gives the same bytes
//! everywhere, and untrusted ones read strictly.
//!
//! It knows only bytes and paths inside archives; it must not know file systems, clocks or package
//! formats. The writers compress with zlib-rs (through flate2), whose output is the same
//! on every processor and in WASM; a golden test checks that.

pub mod codes;
mod error;
pub mod gzip;
#[cfg(test)]
mod mutation;
mod path;
pub mod tar;
pub mod time;
pub mod zip;

pub use error::ArchiveError;

/// Compresses a layer to gzip. The same input must give the same bytes, on any number of threads.
pub trait LayerCompressor {
    /// One gzip file, of one member or several.
    fn compress(&self, tar: &[u8]) -> Vec<u8>;
}

/// A regular file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path in the archive, with `/`; never absolute, never with an empty, `.` or `..` part.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether it is executable: mode 0755 instead of 0644.
    pub executable: bool,
}

impl Entry {
    /// A file that is not executable.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), executable: false }
    }

    /// An executable file.
    pub fn executable(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into(), executable: true }
    }
}
