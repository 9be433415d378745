//! Bills of materials: one SPDX document an artifact, from what its bytes hold.

use components::Contents;
use format::{Around, Form, Inspects, OfferKind, at_artifact};
use model::{Artifact, Diagnostic};
use verify::Dist;

use crate::{Formats, Record};

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
    formats: Formats,
    artifact: &Artifact,
) -> Result<Described, Diagnostic> {
    let told = |problem| at_artifact(problem, artifact);
    let (_, kind) = <dyn Inspects>::of_artifact(formats.inspects, artifact)?;
    let contents = contents(dist, record, formats, artifact).map_err(told)?;
    let package = record.plan.package(&artifact.package);
    let generator = crate::generator();
    let context = components::Context {
        generator: &generator,
        epoch: record.source.epoch,
        repository: &record.plan.release.repository,
        license: package.map_or("", |package| &package.license),
    };
    let document = components::describe(artifact, kind.subject, &contents, &context)?;
    let (path, text) = (path(artifact, kind.form), document.render()?);
    Ok(Described { path, text, components: document.components() })
}

/// Reads what is inside of `artifact`, with what its build learned of crates.
fn contents(
    dist: &dyn Dist,
    record: &Record,
    formats: Formats,
    artifact: &Artifact,
) -> Result<Contents, Diagnostic> {
    let (format, kind) = <dyn Inspects>::of_artifact(formats.inspects, artifact)?;
    let around = Around {
        dist,
        artifacts: &record.artifacts,
        unit: record.plan.unit(&artifact.unit),
        executables: executables(record, formats),
        inside: &|other| contents(dist, record, formats, other),
        inside_image: &|path, bytes| {
            formats.inspects.iter().find_map(|format| format.inside_image(path, bytes))
        },
    };
    let mut contents = format.inside_of(artifact, &around)?;
    if kind.form == Form::File {
        if let Some(lock) = record.locks.get(&artifact.package) {
            components::add_checksums(&mut contents, lock)?;
        }
        if let Some(licenses) = record.licenses.get(&artifact.package) {
            components::add_licenses(&mut contents, licenses);
        }
    }
    Ok(contents)
}

/// The executables among the record's artifacts, each with what it is called where it is installed.
fn executables(record: &Record, formats: Formats) -> Vec<(&Artifact, &str)> {
    let executable = |artifact| {
        let builds = formats.builds_of(artifact)?;
        let offered = builds.offered(record.plan.package(&artifact.package)?, artifact)?;
        (offered.kind == OfferKind::Executable).then_some((artifact, offered.name))
    };
    record.artifacts.iter().filter_map(executable).collect()
}

/// Where an artifact's document lies. Base names are unique, because they are downloads.
fn path(artifact: &Artifact, form: Form) -> String {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let image = || artifact.reference.rsplit('/').next().unwrap_or(&artifact.package).to_owned();
    let stem = match (form, artifact.platform) {
        (Form::Manifest, Some(platform)) => format!("{}.image-{platform}", image()),
        (Form::Manifest | Form::Index, _) => format!("{}.image", image()),
        _ => name.to_owned(),
    };
    format!("sbom/{stem}.spdx.json")
}
