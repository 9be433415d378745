//! Bills of materials: of one file from its bytes, and several as one.

use model::{Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, Format, Platform, UnitId};
use serde::{Deserialize, Serialize};

use super::{Answer, Number, answer, shown};
use crate::bill;
use crate::codes;

/// `{"file", "digest", "version", "platform", "lock", "repository", "license", "epoch"}` gives
/// `{"text", "components"}`: the SPDX document of the wheel, sdist, chart or executable `bytes`.
/// Only `file`, its name, has to be there; an executable has to be given its version.
#[must_use]
pub fn describe(request: &str, bytes: &[u8]) -> Answer {
    answer(request, |asked: Asked| Ok(asked.describe(bytes)?))
}

/// `{"name", "documents": […], "epoch"}` gives `{"text", "components"}`: one document that
/// describes what all of them describe.
#[must_use]
pub fn merge(request: &str) -> Answer {
    answer(request, |asked: Several| {
        let epoch = epoch(&asked.epoch)?;
        let generator = crate::generator();
        let merged = sbom::merge(&asked.name, &asked.documents, &generator, epoch)?;
        Ok(Told { text: merged.render()?, components: merged.components() })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    name: String,
    documents: Vec<String>,
    #[serde(default)]
    epoch: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    file: String,
    #[serde(default)]
    digest: Option<Digest>,
    #[serde(default)]
    version: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    lock: String,
    #[serde(default)]
    repository: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    epoch: Number,
}

#[derive(Serialize)]
struct Told {
    text: String,
    components: usize,
}

/// The epoch without one: 1980-01-01, the first time that a zip archive can hold.
const NO_EPOCH: usize = 315_532_800;

fn epoch(number: &Number) -> Result<u64, Diagnostic> {
    Ok(number.read("epoch")?.unwrap_or(NO_EPOCH) as u64)
}

impl Asked {
    fn describe(&self, bytes: &[u8]) -> Result<Told, Diagnostic> {
        let artifact = self.artifact(bytes)?;
        let mut contents = bill::contents_of(artifact.kind, &self.file, bytes)?;
        if !self.lock.is_empty() {
            sbom::add_checksums(&mut contents, &self.lock)?;
        }
        let generator = crate::generator();
        let context = sbom::Context {
            generator: &generator,
            epoch: epoch(&self.epoch)?,
            repository: &self.repository,
            license: &self.license,
        };
        let document = sbom::describe(&artifact, &contents, &context)?;
        Ok(Told { text: document.render()?, components: document.components() })
    }

    fn artifact(&self, bytes: &[u8]) -> Result<Artifact, Diagnostic> {
        let (kind, format, package, version) = self.identity(bytes)?;
        let path = format!("{format}/{}", self.file);
        let digest = self.digest.unwrap_or_else(|| Digest::of(bytes));
        Ok(Artifact {
            unit: UnitId::new(&package, format, self.platform),
            package,
            format,
            kind,
            platform: self.platform,
            version,
            reference: String::new(),
            file: FileEntry { path, size: bytes.len() as u64, digest },
            files: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// What kind of file it is, by its name's end, and what it says its name and version are.
    fn identity(&self, bytes: &[u8]) -> Result<(ArtifactKind, Format, String, String), Diagnostic> {
        if self.file.is_empty() || self.file.contains(['/', '\\', '\0']) {
            let message = format!("`{}` is no bare file name", shown(&self.file));
            return Err(Diagnostic::new(&codes::REQUEST_VALUE, message));
        }
        let name = self.file.as_str();
        if name.ends_with(".whl") {
            let wheel = pypi::read_wheel(name, bytes)?;
            return Ok((ArtifactKind::Wheel, Format::Pypi, wheel.name, wheel.version));
        }
        if name.ends_with(".tar.gz") || name.ends_with(".zip") {
            let sdist = pypi::read_sdist(name, bytes)?;
            return Ok((ArtifactKind::Sdist, Format::Pypi, sdist.name, sdist.version));
        }
        if name.ends_with(".tgz") {
            let chart = helm::read_chart(name, bytes)?.metadata;
            return Ok((ArtifactKind::Chart, Format::Helm, chart.name, chart.version));
        }
        binary::read_binary(bytes)?;
        if self.version.is_empty() {
            let problem =
                Diagnostic::new(&codes::REQUEST_VALUE, "an executable does not tell its version");
            return Err(problem.help("give `version`"));
        }
        Ok((ArtifactKind::Binary, Format::Binary, name.to_owned(), self.version.clone()))
    }
}
