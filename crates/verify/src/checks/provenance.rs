//! Provenance speaks of every artifact by its digest, of nothing else, and of this very build.

use std::collections::BTreeSet;

use evidence::statement::{self, ProvenanceInput};
use model::limits::MAX_JSON_BYTES;
use model::{Artifact, ArtifactKind, Digest, DocumentKind, FileEntry, Manifest, Problem};

use crate::Dist;
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
        found.wrong("provenance-missing", Manifest::FILE, message);
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
pub fn statements(manifest: &Manifest) -> Result<Vec<(String, String)>, Problem> {
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
    })?;
    let path = |index: usize| match index {
        0 => "provenance/release.intoto.json".to_owned(),
        more => format!("provenance/release-{}.intoto.json", more + 1),
    };
    Ok(texts.into_iter().enumerate().map(|(index, text)| (path(index), text)).collect())
}

/// Every artifact, and of a chart what a registry knows it by as well.
fn subjects(manifest: &Manifest) -> Vec<(String, Digest)> {
    let of = |artifact: &Artifact| {
        let registered: &[FileEntry] = match artifact.kind {
            ArtifactKind::Chart => &artifact.files,
            _ => &[],
        };
        let registered: Vec<(String, Digest)> =
            registered.iter().map(|file| (artifact.reference.clone(), file.digest)).collect();
        [(subject_name(artifact), artifact.file.digest)].into_iter().chain(registered)
    };
    manifest.artifacts.iter().flat_map(of).collect()
}

/// What a statement calls an artifact: a file by its base name, an image by its reference.
fn subject_name(artifact: &Artifact) -> String {
    match (artifact.kind, artifact.platform) {
        (ArtifactKind::Image, Some(platform)) => format!("{}#{platform}", artifact.reference),
        (ArtifactKind::Image | ArtifactKind::ImageIndex, _) => artifact.reference.clone(),
        _ => artifact.file.path.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// Names the subject that differs, where it is a subject.
fn difference(bytes: &[u8], manifest: &Manifest) -> Problem {
    let text = String::from_utf8_lossy(bytes);
    let there = match statement::parse(&text).and_then(|statement| statement.subjects()) {
        Ok(there) => there,
        Err(problem) => return problem,
    };
    let expected: BTreeSet<(String, Digest)> = subjects(manifest).into_iter().collect();
    let stranger = there.iter().find(|subject| !expected.contains(subject));
    Problem::error(
        "provenance-subjects",
        match stranger {
            Some((name, digest)) => format!("speaks of `{name}` as {digest}, which is no artifact"),
            None => "is not what the manifest's artifacts and facts say".to_owned(),
        },
    )
}
