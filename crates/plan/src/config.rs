//! `package-actions.toml` as it was written: every key and value with its place, no defaults yet.
//!
//! Looks at shapes only. What the values mean in the tree is `resolve`'s to say.

mod check;
pub(crate) mod keys;
mod read;
mod written;

pub(crate) use read::read;
pub(crate) use written::{
    WrittenBinary, WrittenChart, WrittenImage, WrittenPackage, WrittenPython, WrittenRelease,
};

use crate::source::Source;

/// The whole file.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) source: Source,
    pub(crate) release: WrittenRelease,
    pub(crate) packages: Vec<WrittenPackage>,
}
