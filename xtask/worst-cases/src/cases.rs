//! The cases: how each input is made at a scale, and what reads it.

mod charts;
mod evidence;
mod executables;
mod pages;
mod python;

use model::Diagnostic;

/// One kind of input.
pub(crate) struct Case {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// Makes the file; at scale 1 the readers of old took about a gigabyte or a second.
    pub(crate) make: fn(usize) -> Vec<u8>,
    /// Reads it, and says what came out in a line.
    pub(crate) read: fn(&[u8]) -> Result<String, Diagnostic>,
}

/// All of them, in the order of the formats.
pub(crate) fn all() -> Vec<Case> {
    [charts::CASES, python::CASES, evidence::CASES, pages::CASES, executables::CASES]
        .into_iter()
        .flat_map(|cases| cases.iter())
        .map(|(name, make, read)| Case { name, make: *make, read: *read })
        .collect()
}

type Cases =
    &'static [(&'static str, fn(usize) -> Vec<u8>, fn(&[u8]) -> Result<String, Diagnostic>)];
