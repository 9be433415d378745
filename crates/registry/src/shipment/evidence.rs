//! What refers to an image or a chart: its SBOM, the release's signed provenance, its signatures.
//! Each is a manifest of its own with that one as subject; none is listed in the image's index.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use model::{Diagnostic, Digest, DocumentKind, EvidenceKind, Manifest};
use serde::Deserialize;

use super::documents::{ArtifactManifest, BUNDLE_TYPE, EMPTY, EMPTY_TYPE, SPDX_TYPE, go_json};
use super::{Blob, Content, Planner, REFERRERS, Shipment};
use crate::descriptor::{Descriptor, MANIFEST, TITLE};
use crate::reference::Reference;

/// What evidence is looked for.
pub(super) struct About<'a> {
    /// The file of `dist/` that SBOMs are about: an image's manifest or index, a chart's archive.
    pub(super) bytes: &'a str,
    /// The file that is signed: the manifest or index; empty where none is sealed.
    pub(super) signed: &'a str,
    /// What the registry will have it refer to.
    pub(super) subject: &'a Descriptor,
}

/// Adds the referrers of a manifest.
pub(super) fn add(
    planner: &Planner<'_>,
    home: &Reference,
    about: &About<'_>,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let subject = about.subject;
    let mut entries = Vec::new();
    let documents = planner.manifest.documents.iter();
    for document in documents.filter(|one| one.about.as_deref() == Some(about.bytes)) {
        if document.kind == DocumentKind::Sbom {
            let bytes = planner.read_exactly(&document.file.path, &document.file.digest)?;
            let file = File { path: &document.file.path, kind: SPDX_TYPE, bytes };
            entries.push(refer(home, subject, file, BTreeMap::new(), shipment));
        }
    }
    let bundles = planner.manifest.evidence.iter().filter(|one| {
        one.kind != EvidenceKind::PublicKey && one.path.ends_with(Manifest::BUNDLE_SUFFIX)
    });
    for bundle in bundles {
        let of = bundle.about.as_deref().unwrap_or_default();
        let is_own = of == about.signed;
        if !(is_own || is_provenance(planner.manifest, of)) {
            continue;
        }
        let bytes = planner.read(&bundle.path)?;
        let summary = Summary::of(&bytes);
        if is_own || summary.subjects.contains(&subject.digest) {
            let file = File { path: &bundle.path, kind: BUNDLE_TYPE, bytes };
            entries.push(refer(home, subject, file, summary.annotations(), shipment));
        }
    }
    if !entries.is_empty() {
        shipment.listing(home, subject.digest, entries);
    }
    Ok(())
}

struct File<'f> {
    path: &'f str,
    kind: &'static str,
    bytes: Bytes,
}

/// Adds one referrer, and gives its entry for a list of referrers.
fn refer(
    home: &Reference,
    subject: &Descriptor,
    file: File<'_>,
    annotations: BTreeMap<String, String>,
    shipment: &mut Shipment,
) -> Descriptor {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let manifest = go_json(&ArtifactManifest {
        schema_version: 2,
        media_type: MANIFEST,
        artifact_type: file.kind,
        config: Descriptor::at(EMPTY_TYPE, EMPTY),
        layers: vec![Descriptor::at(file.kind, &file.bytes).with(TITLE, name)],
        subject: Some(subject.clone()),
        annotations: annotations.clone(),
    });
    let entry = Descriptor {
        artifact_type: file.kind.to_owned(),
        annotations,
        ..Descriptor::at(MANIFEST, manifest.as_bytes())
    };
    let media_type = MANIFEST.to_owned();
    let blobs = vec![Blob::of(EMPTY), Blob::of(file.bytes)];
    shipment.manifest(home, REFERRERS, Content { media_type, bytes: manifest.into() }, blobs);
    entry
}

fn is_provenance(manifest: &Manifest, path: &str) -> bool {
    manifest
        .documents
        .iter()
        .any(|document| document.kind == DocumentKind::Provenance && document.file.path == path)
}

/// What a bundle says about itself, for those who choose among many without reading them: the
/// annotations are cosign's. A bundle that cannot be read says nothing; `verify` speaks about it.
#[derive(Default)]
struct Summary {
    content: &'static str,
    predicate_type: String,
    subjects: Vec<Digest>,
}

impl Summary {
    fn of(bundle: &[u8]) -> Self {
        let Ok(bundle) = serde_json::from_slice::<Bundle>(bundle) else { return Self::default() };
        let Some(envelope) = bundle.dsse_envelope else {
            return Self { content: "message-signature", ..Self::default() };
        };
        let payload = STANDARD.decode(&envelope.payload).unwrap_or_default();
        let statement: Statement = serde_json::from_slice(&payload).unwrap_or_default();
        let digests = statement.subject.iter().filter_map(|one| one.digest.get("sha256"));
        let subjects = digests.filter_map(|hex| Digest::from_hex(hex).ok()).collect();
        let predicate_type = statement.predicate_type;
        Self { content: "dsse-envelope", predicate_type, subjects }
    }

    fn annotations(&self) -> BTreeMap<String, String> {
        let both = [
            ("dev.sigstore.bundle.content", self.content),
            ("dev.sigstore.bundle.predicateType", self.predicate_type.as_str()),
        ];
        let said = both.into_iter().filter(|(_, text)| !text.is_empty());
        said.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    #[serde(default)]
    dsse_envelope: Option<Envelope>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    payload: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Statement {
    predicate_type: String,
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(statement: &str) -> String {
        format!(r#"{{"dsseEnvelope":{{"payload":"{}"}}}}"#, STANDARD.encode(statement))
    }

    #[test]
    fn a_bundle_tells_what_it_is_about() {
        let check = |bundle: &str, content: &str, predicate: &str, subjects: usize| {
            let summary = Summary::of(bundle.as_bytes());
            let found = (summary.content, summary.predicate_type.as_str(), summary.subjects.len());
            assert_eq!(found, (content, predicate, subjects), "{bundle}");
        };
        let hex = "a".repeat(64);
        let statement = format!(
            r#"{{"predicateType":"p","subject":[{{"name":"n","digest":{{"sha256":"{hex}"}}}},
                {{"digest":{{"sha512":"x"}}}},{{"name":"x"}}]}}"#
        );
        check(&bundle(&statement), "dsse-envelope", "p", 1);
        check(r#"{"messageSignature":{}}"#, "message-signature", "", 0);
        check(&bundle("[]"), "dsse-envelope", "", 0);
        check(r#"{"dsseEnvelope":{"payload":"***"}}"#, "dsse-envelope", "", 0);
        check("not json", "", "", 0);
    }
}
