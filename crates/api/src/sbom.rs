//! SBOMs: of one file from its bytes, and several as one.

use format::Inspects;
use model::{Artifact, Diagnostic, Digest, FileEntry, Platform, UnitId};
use release::{INSPECTS, Recognised};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::shown;
use crate::values::Number;

/// A wheel, sdist, chart or executable to describe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its name, without a folder.
    pub file: String,
    /// Its SHA-256, where the bytes are not to be hashed again.
    #[serde(default)]
    pub digest: Option<Digest>,
    /// The version of an executable, which does not say it.
    #[serde(default)]
    pub version: String,
    /// The platform of an executable.
    #[serde(default)]
    pub platform: Option<Platform>,
    /// The text of a `Cargo.lock` with the checksums of crates.
    #[serde(default)]
    pub lock: String,
    /// The repository's address.
    #[serde(default)]
    pub repository: String,
    /// The licence, where the file says none.
    #[serde(default)]
    pub license: String,
    /// The document's time: seconds since 1970.
    #[serde(default)]
    pub epoch: Number,
}

/// Documents to merge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// What the merged document is called.
    pub name: String,
    /// The texts of SPDX documents.
    pub documents: Vec<String>,
    /// The document's time: seconds since 1970.
    #[serde(default)]
    pub epoch: Number,
}

/// An SPDX document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its text.
    pub text: String,
    /// How many components it lists.
    pub components: usize,
}

/// Describes the file `bytes`.
///
/// # Errors
/// `request-value`, and what keeps the file from being read or described.
pub fn sbom(request: Request, bytes: &[u8]) -> crate::Outcome<Answer> {
    let artifact = artifact(&request, bytes)?;
    let (format, kind) = <dyn Inspects>::of_artifact(INSPECTS, &artifact)?;
    let mut contents = format.inside(artifact.kind, &request.file, bytes)?;
    if !request.lock.is_empty() {
        components::add_checksums(&mut contents, &request.lock)?;
    }
    let generator = release::generator();
    let context = components::Context {
        generator: &generator,
        epoch: epoch(&request.epoch)?,
        repository: &request.repository,
        license: &request.license,
    };
    let document = components::describe(&artifact, kind.subject, &contents, &context)?;
    Ok(Answer { text: document.render()?, components: document.components() }.into())
}

/// One document that describes what all of them describe.
///
/// # Errors
/// `request-value`, and as [`components::merge`].
pub fn merge(request: Merge) -> crate::Outcome<Answer> {
    let epoch = epoch(&request.epoch)?;
    let generator = release::generator();
    let merged = components::merge(&request.name, &request.documents, &generator, epoch)?;
    Ok(Answer { text: merged.render()?, components: merged.components() }.into())
}

/// The epoch without one: 1980-01-01, the first time that a zip archive can hold.
const NO_EPOCH: usize = 315_532_800;

fn epoch(number: &Number) -> Result<u64, Diagnostic> {
    Ok(number.read("epoch")?.unwrap_or(NO_EPOCH) as u64)
}

fn artifact(request: &Request, bytes: &[u8]) -> Result<Artifact, Diagnostic> {
    let Request { file, platform, .. } = request;
    if file.is_empty() || file.contains(['/', '\\', '\0']) {
        let message = format!("`{}` is not the name of a file without a folder", shown(file));
        return Err(Diagnostic::new(&codes::REQUEST_VALUE, message));
    }
    let (format, recognised) = release::recognise(file, bytes, INSPECTS)?;
    let Recognised { kind, package, version } = recognised;
    let version = match version {
        Some(version) => version,
        None if request.version.is_empty() => {
            let problem =
                Diagnostic::new(&codes::REQUEST_VALUE, "an executable does not say its version");
            return Err(problem.help("give `version`"));
        }
        None => request.version.clone(),
    };
    let path = format!("{format}/{file}");
    let digest = request.digest.unwrap_or_else(|| Digest::of(bytes));
    Ok(Artifact {
        unit: UnitId::new(&package, format, *platform),
        package,
        format,
        kind,
        platform: *platform,
        version,
        reference: String::new(),
        file: FileEntry { path, size: bytes.len() as u64, digest },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    })
}
