//! The stores in `dist/` itself: an OCI layout per image, a Python index, the downloads.
//!
//! They hold what was built from the start, so publishing there is reading back what a client
//! would.

use model::{Diagnostic, Digest, FileEntry, Manifest};

use crate::codes;
use crate::{Answer, Item, Phase, Room};

/// Measures a file of `dist/`: its size and digest.
///
/// # Errors
/// `file-missing` when it is not there; anything else when it cannot be read.
pub type Measure<'a> = dyn Fn(&str) -> Result<(u64, Digest), Diagnostic> + Sync + 'a;

/// The stores of one release.
pub struct Local<'a> {
    items: Vec<Item>,
    measure: &'a Measure<'a>,
}

impl<'a> Local<'a> {
    /// Those that hold what `manifest` lists.
    #[must_use]
    pub fn new(manifest: &Manifest, measure: &'a Measure<'a>) -> Self {
        let item = |file: &FileEntry| Item {
            name: file.path.clone(),
            phase: Phase::Stage,
            step: 0,
            size: file.size,
            digest: file.digest,
        };
        let artifacts = manifest.artifacts.iter();
        let files =
            artifacts.flat_map(|artifact| [&artifact.file].into_iter().chain(&artifact.files));
        let documents = manifest.documents.iter().map(|document| &document.file);
        let mut items: Vec<Item> = files.chain(documents).map(item).collect();
        // The images of one index share files.
        items.sort_by(|a, b| a.name.cmp(&b.name));
        items.dedup();
        Self { items, measure }
    }
}

impl Room for Local<'_> {
    fn name(&self) -> &str {
        "local"
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        match (self.measure)(&item.name) {
            Ok((size, digest)) if (size, digest) == (item.size, item.digest) => Ok(Answer::Same),
            Ok((_, digest)) => Ok(Answer::Other(digest.to_string())),
            Err(problem) if problem.code == &model::codes::FILE_MISSING => Ok(Answer::Absent),
            Err(problem) => Err(problem),
        }
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        let message = format!("`{}` is gone from the store", item.name);
        Err(Diagnostic::new(&codes::PUBLISH_READ_BACK, message).help("build the release again"))
    }
}
