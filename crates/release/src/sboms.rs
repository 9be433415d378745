//! Bills of materials: one SPDX document an artifact, from what its bytes hold.

mod contents;
mod crates;
mod image;

pub use contents::of_file as contents_of;

use model::{Artifact, ArtifactKind, Diagnostic};
use verify::Dist;

use crate::Record;
use crate::locate::at_artifact;

/// A document about an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its path in `dist/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// How many components it lists below the artifact.
    pub components: usize,
}

/// Describes `artifact` of the build `record`, whose files are in `dist`.
///
/// # Errors
/// When the artifact cannot be read, or holds what cannot be described.
pub fn sbom(
    dist: &dyn Dist,
    record: &Record,
    artifact: &Artifact,
) -> Result<Described, Diagnostic> {
    let told = |problem| at_artifact(problem, artifact);
    let contents = contents::contents(dist, record, artifact).map_err(told)?;
    let package = record.plan.package(&artifact.package);
    let generator = crate::generator();
    let context = components::Context {
        generator: &generator,
        epoch: record.source.epoch,
        repository: &record.plan.release.repository,
        license: package.map_or("", |package| &package.license),
    };
    let document = components::describe(artifact, &contents, &context)?;
    let text = document.render()?;
    Ok(Described { path: path(artifact), text, components: document.components() })
}

/// That the document `text` is about `artifact`; gives the number of its components.
pub(crate) fn check(artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
    let facts = components::parse(text)?;
    if facts.digest != artifact.file.digest {
        let message = format!("describes {}, expected {}", facts.digest, artifact.file.digest);
        return Err(Diagnostic::new(&components::codes::SBOM_SUBJECT, message));
    }
    if facts.version != artifact.version {
        let message =
            format!("describes version `{}`, expected `{}`", facts.version, artifact.version);
        return Err(Diagnostic::new(&components::codes::SBOM_SUBJECT, message));
    }
    Ok(facts.components.len())
}

/// Where an artifact's document lies. Base names are unique, because they are downloads.
fn path(artifact: &Artifact) -> String {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let image = || artifact.reference.rsplit('/').next().unwrap_or(&artifact.package).to_owned();
    let stem = match (artifact.kind, artifact.platform) {
        (ArtifactKind::Image, Some(platform)) => format!("{}.image-{platform}", image()),
        (ArtifactKind::Image | ArtifactKind::ImageIndex, _) => format!("{}.image", image()),
        _ => name.to_owned(),
    };
    format!("sbom/{stem}.spdx.json")
}
