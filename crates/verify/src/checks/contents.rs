//! What is inside each artifact is what its name says.

use std::collections::BTreeMap;

use format::{Inspects, at_artifact};
use model::{Artifact, Diagnostic, Diagnostics, Digest, Manifest};

use super::files;
use crate::codes;
use crate::report::Findings;
use crate::{Dist, Entry, Inspect};

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    formats: &dyn Inspect,
    found: &mut Findings,
) {
    let listed = Listed { dist, sizes: files::sizes(manifest) };
    for artifact in &manifest.artifacts {
        found.look();
        let path = artifact.file.path.as_str();
        // One that is missing or of another size is named by the check of files.
        if listed.size(path).is_ok() {
            for problem in formats.contents(artifact, &listed) {
                found.add(problem, path);
            }
        }
    }
}

/// What is wrong with an artifact by what its format, which must be one of `formats`, knows.
pub(crate) fn of(artifact: &Artifact, formats: &[&dyn Inspects], dist: &dyn Dist) -> Diagnostics {
    let looked = <dyn Inspects>::of_artifact(formats, artifact)
        .and_then(|(format, _)| format.contents(artifact, dist));
    let found = looked.unwrap_or_else(|problem| vec![problem]);
    Diagnostics(found.into_iter().map(|problem| at_artifact(problem, artifact)).collect())
}

/// The files that the manifest lists, where they have the size that it says: nothing else is
/// looked into, so that no stray file costs time or memory.
struct Listed<'a> {
    dist: &'a dyn Dist,
    sizes: BTreeMap<&'a str, u64>,
}

impl Dist for Listed<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let mut entries = self.dist.entries()?;
        entries.retain(|entry| self.size(&entry.path).is_ok());
        Ok(entries)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        self.size(path).and_then(|_| self.dist.read(path, limit))
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        match self.sizes.get(path) {
            None => Err(Diagnostic::new(&codes::FILE_EXTRA, "is not part of the release")),
            Some(expected) => match self.dist.size(path)? {
                size if size == *expected => Ok(size),
                size => {
                    let message = format!("has {size} bytes, expected {expected}");
                    Err(Diagnostic::new(&codes::FILE_SIZE, message))
                }
            },
        }
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        self.size(path).and_then(|_| self.dist.measure(path))
    }
}
