//! Provenance speaks of every artifact and its SBOM by their digests, of nothing else, and of this
//! very build.

use std::collections::{BTreeMap, BTreeSet};

use evidence::statement::{self, Byproduct, ProvenanceInput};
use format::{Form, Inspects};
use model::limits::MAX_JSON_BYTES;
use model::{Artifact, Diagnostic, Digest, DocumentKind, FileEntry, Manifest};

use crate::Dist;
use crate::codes;
use crate::report::Findings;

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    found: &mut Findings,
) {
    let expected = match statements(manifest, formats) {
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
            Ok(bytes) => found.add(difference(&bytes, manifest, formats), path),
            Err(problem) => found.add(problem, path),
        }
    }
}

/// Path in `dist/` and text of the provenance statements: a function of the manifest's artifacts
/// and facts, so that `seal` writes what this room expects.
///
/// # Errors
/// When two artifacts would be one subject.
pub fn statements(
    manifest: &Manifest,
    formats: &[&dyn Inspects],
) -> Result<Vec<(String, String)>, Diagnostic> {
    let source = &manifest.source;
    let texts = statement::provenance(&ProvenanceInput {
        repository: manifest.release.repository.clone(),
        tag: manifest.release.tag.clone(),
        version: manifest.release.version.text().to_owned(),
        selection: Vec::new(),
        commit: source.commit.clone(),
        dirty: source.dirty,
        submodules: source.submodules.clone(),
        materials: manifest.artifacts.iter().flat_map(|one| one.materials.clone()).collect(),
        epoch: source.epoch,
        plan: manifest.plan,
        generator: manifest.generator.clone(),
        tools: manifest.tools.clone(),
        subjects: subjects(manifest, formats),
        byproducts: byproducts(manifest, formats),
    })?;
    let path = |index: usize| match index {
        0 => "provenance/release.intoto.json".to_owned(),
        more => format!("provenance/release-{}.intoto.json", more + 1),
    };
    Ok(texts.into_iter().enumerate().map(|(index, text)| (path(index), text)).collect())
}

/// Every artifact, and of a chart what a registry knows it by as well.
fn subjects(manifest: &Manifest, formats: &[&dyn Inspects]) -> Vec<(String, Digest)> {
    manifest.artifacts.iter().flat_map(|artifact| subjects_of(artifact, formats)).collect()
}

fn subjects_of(artifact: &Artifact, formats: &[&dyn Inspects]) -> Vec<(String, Digest)> {
    let kind = <dyn Inspects>::of_artifact(formats, artifact);
    let form = kind.map_or(Form::File, |(_, kind)| kind.form);
    let registered: &[FileEntry] = match form {
        Form::FileAndManifest => &artifact.files,
        Form::File | Form::Manifest | Form::Index => &[],
    };
    let registered = registered.iter().map(|file| (artifact.reference.clone(), file.digest));
    let own = (subject_name(artifact, form), artifact.file.digest);
    std::iter::once(own).chain(registered).collect()
}

/// Every SBOM: in a registry no list of digests stands beside them.
fn byproducts(manifest: &Manifest, formats: &[&dyn Inspects]) -> Vec<Byproduct> {
    let artifacts: BTreeMap<&str, &Artifact> =
        manifest.artifacts.iter().map(|one| (one.file.path.as_str(), one)).collect();
    let sboms = manifest.documents.iter().filter(|one| one.kind == DocumentKind::Sbom);
    sboms
        .map(|sbom| {
            let about = sbom.about.as_deref().and_then(|path| artifacts.get(path));
            let names = about.map_or_else(Vec::new, |artifact| subjects_of(artifact, formats));
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
fn subject_name(artifact: &Artifact, form: Form) -> String {
    match (form, artifact.platform) {
        (Form::Manifest, Some(platform)) => format!("{}#{platform}", artifact.reference),
        (Form::Manifest | Form::Index, _) => artifact.reference.clone(),
        _ => base_name(&artifact.file.path).to_owned(),
    }
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Names the subject that differs, where it is a subject.
fn difference(bytes: &[u8], manifest: &Manifest, formats: &[&dyn Inspects]) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let there = match statement::parse(&text).and_then(|statement| statement.subjects()) {
        Ok(there) => there,
        Err(problem) => return problem,
    };
    let expected: BTreeSet<(String, Digest)> = subjects(manifest, formats).into_iter().collect();
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
