//! Provenance speaks of every artifact and its SBOM by their digests, of nothing else, and of this
//! very build.

use std::collections::{BTreeMap, BTreeSet};

use evidence::statement::{self, Byproduct, ProvenanceInput};
use model::limits::MAX_JSON_BYTES;
use model::{Artifact, ArtifactKind, Diagnostic, Digest, DocumentKind, FileEntry, Manifest};

use crate::Dist;
use crate::codes;
use crate::report::Findings;

pub(crate) fn check(dist: &dyn Dist, manifest: &Manifest, found: &mut Findings) {
    let expected = match statements(manifest) {
        Ok(expected) => expected,
        Err(problem) => return found.add(problem, Manifest::FILE),
    };
    let listed = manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Provenance);
    let listed: BTreeSet<&str> = listed.map(|document| document.file.path.as_str()).collect();
    let named: BTreeSet<&str> = expected.iter().map(|(path, _)| path.as_str()).collect();
    if listed != named {
        let message = format!("lists the provenance {listed:?}, expected {named:?}");
        found.wrong(&codes::PROVENANCE_MISSING, Manifest::FILE, message);
    }
    for (path, text) in &expected {
        found.look();
        match dist.read(path, MAX_JSON_BYTES) {
            Ok(bytes) if bytes == text.as_bytes() => {}
            Ok(bytes) => found.add(difference(&bytes, manifest), path),
            Err(problem) => found.add(problem, path),
        }
    }
}

/// Path in `dist/` and text of the provenance statements: a function of the manifest's artifacts
/// and facts, so that `seal` writes what this room expects.
///
/// # Errors
/// When two artifacts would be one subject.
pub fn statements(manifest: &Manifest) -> Result<Vec<(String, String)>, Diagnostic> {
    let source = &manifest.source;
    let texts = statement::provenance(&ProvenanceInput {
        repository: manifest.release.repository.clone(),
        tag: manifest.release.tag.clone(),
        version: manifest.release.version.text().to_owned(),
        selection: Vec::new(),
        commit: source.commit.clone(),
        dirty: source.dirty,
        epoch: source.epoch,
        plan: manifest.plan,
        generator: manifest.generator.clone(),
        tools: manifest.tools.clone(),
        subjects: subjects(manifest),
        byproducts: byproducts(manifest),
    })?;
    let path = |index: usize| match index {
        0 => "provenance/release.intoto.json".to_owned(),
        more => format!("provenance/release-{}.intoto.json", more + 1),
    };
    Ok(texts.into_iter().enumerate().map(|(index, text)| (path(index), text)).collect())
}

/// Every artifact, and of a chart what a registry knows it by as well.
fn subjects(manifest: &Manifest) -> Vec<(String, Digest)> {
    manifest.artifacts.iter().flat_map(subjects_of).collect()
}

fn subjects_of(artifact: &Artifact) -> Vec<(String, Digest)> {
    let registered: &[FileEntry] = match artifact.kind {
        ArtifactKind::Chart => &artifact.files,
        _ => &[],
    };
    let registered = registered.iter().map(|file| (artifact.reference.clone(), file.digest));
    [(subject_name(artifact), artifact.file.digest)].into_iter().chain(registered).collect()
}

/// Every SBOM: in a registry no list of digests stands beside them.
fn byproducts(manifest: &Manifest) -> Vec<Byproduct> {
    let artifacts: BTreeMap<&str, &Artifact> =
        manifest.artifacts.iter().map(|one| (one.file.path.as_str(), one)).collect();
    let sboms = manifest.documents.iter().filter(|one| one.kind == DocumentKind::Sbom);
    sboms
        .map(|sbom| {
            let about = sbom.about.as_deref().and_then(|path| artifacts.get(path));
            let names = about.map_or_else(Vec::new, |artifact| subjects_of(artifact));
            Byproduct {
                about: names.into_iter().map(|(name, _)| name).collect(),
                name: base_name(&sbom.file.path).to_owned(),
                digest: sbom.file.digest,
                media_type: "application/spdx+json".to_owned(),
            }
        })
        .collect()
}

/// What a statement calls an artifact: a file by its base name, an image by its reference.
fn subject_name(artifact: &Artifact) -> String {
    match (artifact.kind, artifact.platform) {
        (ArtifactKind::Image, Some(platform)) => format!("{}#{platform}", artifact.reference),
        (ArtifactKind::Image | ArtifactKind::ImageIndex, _) => artifact.reference.clone(),
        _ => base_name(&artifact.file.path).to_owned(),
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Names the subject that differs, where it is a subject.
fn difference(bytes: &[u8], manifest: &Manifest) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let there = match statement::parse(&text).and_then(|statement| statement.subjects()) {
        Ok(there) => there,
        Err(problem) => return problem,
    };
    let expected: BTreeSet<(String, Digest)> = subjects(manifest).into_iter().collect();
    let stranger = there.iter().find(|subject| !expected.contains(subject));
    Diagnostic::new(
        &codes::PROVENANCE_SUBJECTS,
        match stranger {
            Some((name, digest)) => {
                format!("names `{name}` with {digest}, which is not an artifact")
            }
            None => "is not what the manifest's artifacts and facts say".to_owned(),
        },
    )
}
