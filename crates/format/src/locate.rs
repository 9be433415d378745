//! Where a diagnostic about an artifact points to.

use model::{Artifact, Diagnostic, Location};

/// A reader knows a file by its bare name; the release knows it by its path.
#[must_use]
pub fn at_artifact(found: Diagnostic, artifact: &Artifact) -> Diagnostic {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    match &found.location {
        Some(location) if !location.file.starts_with(name) => found,
        _ => found.at(Location::file(path)),
    }
}
