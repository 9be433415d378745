//! What the formats know, for `verify`: names against contents, documents, SBOMs.

use std::collections::BTreeMap;

use crate::codes;
use model::limits::{MAX_JSON_BYTES, MAX_UNPACKED_BYTES};
use model::{
    Artifact, ArtifactKind, Diagnostic, Diagnostics, Location, Manifest, Severity,
    normalized_python_name,
};
use verify::{Dist, Inspect};

use crate::locate::at_artifact;

/// What the formats know of their artifacts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inspector;

impl Inspect for Inspector {
    fn contents(&self, artifact: &Artifact, dist: &dyn Dist) -> Diagnostics {
        let none = |()| Vec::new();
        let found = match artifact.kind {
            ArtifactKind::Wheel => wheel(artifact, dist),
            ArtifactKind::Sdist => sdist(artifact, dist),
            ArtifactKind::Binary => executable(artifact, dist).map(none),
            ArtifactKind::Chart => chart(artifact, dist).map(none),
            ArtifactKind::Image => image(artifact, dist).map(none),
            ArtifactKind::ImageIndex => layout(artifact, dist).map(none),
        };
        let found = found.unwrap_or_else(|problem| vec![problem]);
        Diagnostics(found.into_iter().map(|problem| at_artifact(problem, artifact)).collect())
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        crate::documents(manifest)
    }

    fn sbom(&self, artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
        crate::sboms::check(artifact, text)
    }
}

/// What a Python index would refuse of the release's files, or warn of.
///
/// # Errors
/// When a file cannot be read.
pub fn index_lint(manifest: &Manifest, dist: &dyn Dist) -> Result<Vec<Diagnostic>, Diagnostic> {
    let mut found = Vec::new();
    for artifact in &manifest.artifacts {
        let lint = match artifact.kind {
            ArtifactKind::Wheel => pypi::lint_wheel,
            ArtifactKind::Sdist => pypi::lint_sdist,
            _ => continue,
        };
        let (name, bytes) = read(artifact, dist)?;
        found.extend(lint(&name, &bytes).into_iter().map(|problem| at_artifact(problem, artifact)));
    }
    Ok(found)
}

/// What is wrong with a wheel or sdist of which nothing is known but its name and bytes.
#[must_use]
pub fn distribution_lint(name: &str, bytes: &[u8]) -> Vec<Diagnostic> {
    if name.ends_with(".whl") {
        pypi::lint_wheel(name, bytes)
    } else {
        pypi::lint_sdist(name, bytes)
    }
}

/// What is wrong with a chart's archive that a registry serves under `repository` and `tag`, with
/// `config` as its configuration.
#[must_use]
pub fn served_chart(
    repository: &str,
    tag: Option<&str>,
    config: &[u8],
    archive: &[u8],
) -> Option<Diagnostic> {
    let config: serde_json::Value = serde_json::from_slice(config).unwrap_or_default();
    let told = |key: &str| config.get(key).and_then(|value| value.as_str()).unwrap_or_default();
    let (name, version) = (told("name"), told("version"));
    // Its name is held against what is inside.
    if let Err(problem) = helm::read_chart(&format!("{name}-{version}.tgz"), archive) {
        return Some(problem);
    }
    let other = |what: &str, found: &str, expected: &str| {
        let message = format!("holds the {what} `{found}`, expected `{expected}`");
        Some(Diagnostic::new(&codes::CHART_OTHER, message))
    };
    let expected = repository.rsplit('/').next().unwrap_or(repository);
    match tag {
        _ if name != expected => other("name", name, expected),
        Some(tag) if tag != version.replace('+', "_") => other("version", version, tag),
        _ => None,
    }
}

/// Gives what would break it for whoever installs it.
fn wheel(artifact: &Artifact, dist: &dyn Dist) -> Result<Vec<Diagnostic>, Diagnostic> {
    let (name, bytes) = read(artifact, dist)?;
    let wheel = pypi::read_wheel(&name, &bytes)?;
    let named = &wheel.file_name;
    expect("version", &wheel.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&wheel.name),
        &normalized_python_name(&named.distribution),
    )?;
    expect("version", &plain(&wheel.version), &plain(&named.version))?;
    expect("tags", &list(&wheel.tags), &list(&named.tags()))?;
    Ok(pypi::check_wheel(&wheel).into_iter().filter(pypi::breaks_the_file).collect())
}

fn list(tags: &[pypi::Tag]) -> String {
    tags.iter().map(pypi::Tag::to_string).collect::<Vec<_>>().join(" ")
}

/// A version without the differences that a file name may make: the separators of its parts.
fn plain(version: &str) -> String {
    version.to_lowercase().replace(['-', '_'], ".")
}

fn sdist(artifact: &Artifact, dist: &dyn Dist) -> Result<Vec<Diagnostic>, Diagnostic> {
    let (name, bytes) = read(artifact, dist)?;
    let sdist = pypi::read_sdist(&name, &bytes)?;
    let named = &sdist.file_name;
    expect("version", &sdist.version, &artifact.version)?;
    expect(
        "name",
        &normalized_python_name(&sdist.name),
        &normalized_python_name(&named.distribution),
    )?;
    expect("version", &plain(&sdist.version), &plain(&named.version))?;
    Ok(pypi::check_sdist(&sdist).into_iter().filter(pypi::breaks_the_file).collect())
}

fn executable(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (_, bytes) = read(artifact, dist)?;
    let read = binary::read_binary(&bytes)?;
    let Some(platform) = artifact.platform else {
        return Err(Diagnostic::new(
            &binary::codes::BINARY_PLATFORM,
            "is listed without a platform",
        ));
    };
    binary::check(&read, platform).into_iter().next().map_or(Ok(()), Err)
}

fn chart(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (name, bytes) = read(artifact, dist)?;
    let chart = helm::read_chart(&name, &bytes)?;
    expect("version", &chart.metadata.version, &artifact.version)?;
    // Among downloads it stands alone.
    let Some(manifest) = artifact.files.first() else { return Ok(()) };
    let found = dist.read(&manifest.path, MAX_JSON_BYTES)?;
    let created = helm::created_of(&found).unwrap_or_default();
    let packed = (artifact.file.digest, artifact.file.size);
    if helm::push(&chart.metadata, packed, None, &created)?.manifest.as_bytes() == found {
        return Ok(());
    }
    let message = "is not the manifest that `helm push` would make of the chart beside it";
    Err(Diagnostic::new(&codes::CHART_MANIFEST, message).at(Location::file(&manifest.path)))
}

/// What an image says about itself; its layers are looked into with the layout.
fn image(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (folder, name) = image_folder(artifact)?;
    let path = artifact.file.path.as_str();
    let manifest = dist.read(path, MAX_JSON_BYTES)?;
    let config = oci::config_digest(path, &manifest)?;
    let config_path = oci::blob_path(name, &config);
    let config = dist.read(&config_path, MAX_JSON_BYTES)?;
    let files = [(path.to_owned(), &*manifest), (config_path, &*config)].into();
    let head = oci::read_head(folder, (artifact.file.digest, artifact.file.size), &files)?;
    let found = &head.config.platform;
    if found.known() != artifact.platform || artifact.platform.is_none() {
        let expected = artifact.platform.map(|platform| platform.oci()).unwrap_or_default();
        expect("platform", &found.text(), &expected)?;
    }
    let labels = head.config.config.labels.unwrap_or_default();
    oci::check_texts(name, &artifact.version, &head.manifest.annotations)?;
    oci::check_texts(name, &artifact.version, &labels)
}

/// `oci/NAME`, and `NAME`.
fn image_folder(artifact: &Artifact) -> Result<(&str, &str), Diagnostic> {
    let folder = artifact.file.path.split_once("/blobs/").map(|(folder, _)| folder);
    let named = folder.and_then(|folder| Some((folder, folder.strip_prefix("oci/")?)));
    named.ok_or_else(|| Diagnostic::new(&codes::IMAGE_PATH, "does not lie among a layout's blobs"))
}

/// The whole layout that an index stands in: every blob by its digest, none too many.
fn layout(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (folder, name) = image_folder(artifact)?;
    let mut files = BTreeMap::new();
    for path in dist.files_in(folder)? {
        let bytes = dist.read(&path, MAX_UNPACKED_BYTES)?;
        files.insert(path, bytes);
    }
    let borrowed = files.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let layout = oci::read_layout(folder, &borrowed)?;
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error;
    if let Some(problem) = oci::lint(folder, &layout).into_iter().find(is_error) {
        return Err(problem);
    }
    oci::check_index(name, &artifact.version, &layout)?;
    match layout.roots.as_slice() {
        [root] => {
            expect("index", &root.descriptor.digest.to_string(), &artifact.file.digest.to_string())
        }
        many => expect("number of indexes", &many.len().to_string(), "1"),
    }
}

fn read(artifact: &Artifact, dist: &dyn Dist) -> Result<(String, Vec<u8>), Diagnostic> {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path).to_owned();
    Ok((name, dist.read(path, MAX_UNPACKED_BYTES)?))
}

fn expect(what: &str, found: &str, expected: &str) -> Result<(), Diagnostic> {
    if found == expected {
        return Ok(());
    }
    let message = format!("holds the {what} `{found}`, expected `{expected}`");
    Err(Diagnostic::new(&codes::CONTENTS_DIFFER, message))
}

#[cfg(test)]
mod tests;
