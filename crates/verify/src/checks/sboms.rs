//! Every artifact has one SBOM, and it speaks of that artifact's digest.

use std::collections::BTreeMap;

use model::limits::MAX_JSON_BYTES;
use model::{Artifact, Diagnostic, Document, DocumentKind, Manifest};

use crate::codes;
use crate::report::Findings;
use crate::{Dist, Inspect};

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    formats: &dyn Inspect,
    found: &mut Findings,
) {
    let mut by_artifact: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
    for document in manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Sbom) {
        by_artifact.entry(document.about.as_deref().unwrap_or("")).or_default().push(document);
    }
    for artifact in &manifest.artifacts {
        found.look();
        let path = artifact.file.path.as_str();
        match by_artifact.remove(path).unwrap_or_default().as_slice() {
            [document] => examine(dist, artifact, document, formats, found),
            [] => found.wrong(&codes::SBOM_MISSING, path, "has no SBOM, expected one"),
            many => found.wrong(
                &codes::SBOM_TWICE,
                path,
                format!("has {} SBOMs, expected one", many.len()),
            ),
        }
    }
    for document in by_artifact.into_values().flatten() {
        let message = "is about no artifact of the release";
        found.wrong(&components::codes::SBOM_SUBJECT, &document.file.path, message);
    }
}

fn examine(
    dist: &dyn Dist,
    artifact: &Artifact,
    document: &Document,
    formats: &dyn Inspect,
    found: &mut Findings,
) {
    let path = document.file.path.as_str();
    let bytes = match dist.read(path, MAX_JSON_BYTES) {
        Ok(bytes) => bytes,
        Err(problem) => return found.add(problem, path),
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return found.wrong(&codes::SBOM_UNREADABLE, path, "is not UTF-8");
    };
    match formats.sbom(artifact, &text) {
        Err(problem) => found.add(problem, path),
        Ok(count) if count != document.components => {
            let message = format!("lists {count} components, expected {}", document.components);
            found.wrong(&components::codes::SBOM_COMPONENTS, path, message);
        }
        Ok(_) => {}
    }
}

/// That the document `text` is about `artifact`; gives the number of its components.
pub(crate) fn components(artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
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
