//! The embedded stores: an OCI layout per image, a Python index, the downloads.
//!
//! They are `dist/`'s own folders, so publishing there is reading back what a client would.

use model::{Manifest, Problem};
use verify::Dist as _;

use crate::folder::Folder;

/// Reads every store back and says what it serves.
///
/// # Errors
/// When a store does not serve what was sealed.
pub(crate) fn local(dist: &Folder, manifest: &Manifest) -> Result<(), Problem> {
    for artifact in &manifest.artifacts {
        let (size, digest) = dist.measure(&artifact.file.path)?;
        if (size, digest) != (artifact.file.size, artifact.file.digest) {
            let message = format!("serves {digest}, expected {}", artifact.file.digest);
            return Err(Problem::error("publish-read-back", message)
                .at(model::Place::file(&artifact.file.path)));
        }
    }
    Ok(())
}
