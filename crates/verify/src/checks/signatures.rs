//! Signatures: each that must be there is, is by one key, and is over the bytes beside it.

use std::collections::BTreeMap;

use evidence::{PublicKey, SignatureCheck, bundle, statement};
use model::limits::MAX_JSON_BYTES;
use model::{
    Artifact, Diagnostic, Evidence, EvidenceKind, Format, Location, Manifest, Platform, Signing,
};

use super::files;
use crate::codes;
use crate::report::Findings;
use crate::{Dist, Policy, Signer};

/// Bytes of a bundle at most: a statement of 1,024 subjects in base64 is under a tenth of it.
const MAX_BUNDLE_BYTES: u64 = 8 << 20;

/// Bytes of a public key at most.
const MAX_KEY_BYTES: u64 = 16 << 10;

/// Gives who signed it; nothing unless all signatures hold.
pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    signatures: &dyn SignatureCheck,
    policy: &Policy,
    found: &mut Findings,
) -> Option<Signer> {
    let expected = evidence(manifest);
    if manifest.evidence != expected {
        let message = "does not list the signatures that its artifacts and documents must have";
        found.wrong(&codes::SIGNATURES_LISTED, Manifest::FILE, message);
    }
    if manifest.signing == Signing::None {
        if policy.key.is_some() {
            let message = "says the release is not signed, expected signatures by the given key";
            found.wrong(&codes::SIGNATURES_NONE, Manifest::FILE, message);
        }
        return None;
    }
    let Some(key) = key(dist, policy, found) else {
        spelled(dist, &expected, found);
        return None;
    };
    let sizes = files::sizes(manifest);
    let mut wrong = Vec::new();
    for item in expected.iter().filter(|item| item.kind != EvidenceKind::PublicKey) {
        found.look();
        if let Err(problem) = verify(dist, manifest, item, &sizes, &key, signatures) {
            wrong.push((problem, item));
        }
    }
    let by_others =
        wrong.iter().filter(|(problem, _)| problem.code == &evidence::codes::BUNDLE_KEY).count();
    if by_others > 1 && by_others + 1 == expected.len() {
        // One wrong key, not as many wrong bundles.
        let message = format!("made none of the {by_others} signatures, which hint at another key");
        let problem =
            Diagnostic::new(&codes::SIGNATURES_KEY, message).at(Location::file(Manifest::KEY_FILE));
        found.add(problem.help("verify with the key of whoever published it"), Manifest::KEY_FILE);
        wrong.retain(|(problem, _)| problem.code != &evidence::codes::BUNDLE_KEY);
    }
    for (problem, item) in wrong {
        if problem.code == &evidence::codes::BUNDLE_SUBJECT
            && item.about.as_deref() == Some(Manifest::FILE)
        {
            // Nothing but its signature fixes the manifest's own bytes, so it is named as well.
            let message = format!("is not what `{}` was made over", item.path);
            found.wrong(&codes::MANIFEST_SIGNATURE, Manifest::FILE, message);
        }
        found.add(named(problem, item), &item.path);
    }
    let signer = if policy.key.is_some() { Signer::Key } else { Signer::Unknown };
    Some(signer).filter(|_| found.is_good())
}

/// Without a key that reads, what is no bundle at all is named all the same.
fn spelled(dist: &dyn Dist, expected: &[Evidence], found: &mut Findings) {
    for item in expected.iter().filter(|item| item.kind != EvidenceKind::PublicKey) {
        found.look();
        let read = text(dist, &item.path, MAX_BUNDLE_BYTES).and_then(|text| bundle::parse(&text));
        if let Err(problem) = read {
            found.add(named(problem, item), &item.path);
        }
    }
}

/// The problem with what was signed in it: either of the two may have been changed.
fn named(problem: Diagnostic, item: &Evidence) -> Diagnostic {
    let about = item.about.as_deref().unwrap_or_default();
    match problem.help {
        None => problem.help(format!("it, or `{about}`, is not what was signed")),
        Some(_) => problem,
    }
}

/// The signed evidence that a release must have, sorted by path: a bundle for each file that
/// people download, for the lists of digests and for the manifest; the statements in envelopes;
/// a signature of each image and of its image for each platform; and the public key.
#[must_use]
pub fn evidence(manifest: &Manifest) -> Vec<Evidence> {
    if manifest.signing == Signing::None {
        return Vec::new();
    }
    let item = |path: &str, kind| Evidence {
        path: format!("{path}{}", Manifest::BUNDLE_SUFFIX),
        kind,
        about: Some(path.to_owned()),
    };
    let mut list: Vec<Evidence> = manifest
        .artifacts
        .iter()
        .flat_map(|artifact| match artifact.format {
            Format::Oci => vec![image_signature(artifact)],
            // A chart has bytes that people download, and a manifest in a registry.
            Format::Helm => {
                let manifests = artifact.files.iter();
                let signed = manifests.map(|file| item(&file.path, EvidenceKind::ImageSignature));
                signed.chain([item(&artifact.file.path, EvidenceKind::Bundle)]).collect()
            }
            _ => vec![item(&artifact.file.path, EvidenceKind::Bundle)],
        })
        .collect();
    for document in &manifest.documents {
        match document.kind {
            model::DocumentKind::Checksums => {
                list.push(item(&document.file.path, EvidenceKind::Bundle));
            }
            model::DocumentKind::Provenance => {
                list.push(item(&document.file.path, EvidenceKind::StatementBundle));
            }
            model::DocumentKind::Sbom => {}
        }
    }
    list.push(item(Manifest::FILE, EvidenceKind::Bundle));
    let path = Manifest::KEY_FILE.to_owned();
    list.push(Evidence { path, kind: EvidenceKind::PublicKey, about: None });
    list.sort();
    list
}

/// Beside the image's layout, which holds nothing but the image.
fn image_signature(artifact: &Artifact) -> Evidence {
    let part = artifact.platform.map_or("index", Platform::as_str);
    Evidence {
        path: format!("oci/{}.{part}{}", artifact.package, Manifest::BUNDLE_SUFFIX),
        kind: EvidenceKind::ImageSignature,
        about: Some(artifact.file.path.clone()),
    }
}

/// The statement that signs the image at `path`, or the manifest there that a registry knows a
/// chart by.
///
/// # Errors
/// `signature-subject` when no image of the release lies there.
pub fn image_statement(manifest: &Manifest, path: &str) -> Result<String, Diagnostic> {
    let signed = manifest.artifacts.iter().filter_map(|artifact| {
        let file = match artifact.format {
            Format::Oci => Some(&artifact.file).filter(|file| file.path == path),
            Format::Helm => artifact.files.iter().find(|file| file.path == path),
            _ => None,
        };
        Some((artifact, file?))
    });
    let Some((artifact, file)) = { signed }.next() else {
        let message = format!("`{path}` is no image of this release");
        return Err(Diagnostic::new(&codes::SIGNATURE_SUBJECT, message));
    };
    statement::image_statement(&artifact.reference, &file.digest)
}

fn key(dist: &dyn Dist, policy: &Policy, found: &mut Findings) -> Option<PublicKey> {
    found.look();
    let path = Manifest::KEY_FILE;
    let there = text(dist, path, MAX_KEY_BYTES).and_then(|pem| PublicKey::parse(&pem));
    match (there, &policy.key) {
        (Ok(there), Some(asked)) if there != *asked => {
            let message = "is another key than the one that was given";
            found.wrong(&codes::SIGNATURES_KEY, path, message);
            Some(asked.clone())
        }
        (Ok(there), _) => Some(there),
        (Err(problem), asked) => {
            found.add(problem, path);
            asked.clone()
        }
    }
}

fn verify(
    dist: &dyn Dist,
    manifest: &Manifest,
    item: &Evidence,
    sizes: &BTreeMap<&str, u64>,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Result<(), Diagnostic> {
    let bundle = bundle::parse(&text(dist, &item.path, MAX_BUNDLE_BYTES)?)?;
    let about = item.about.as_deref().unwrap_or_default();
    if item.kind == EvidenceKind::StatementBundle {
        let statement = bundle.verify_statement(key, signatures)?;
        if dist.read(about, statement.len() as u64 + 1)? != statement {
            let message = format!("holds another statement than `{about}`");
            return Err(Diagnostic::new(&codes::SIGNATURE_STATEMENT, message));
        }
        return Ok(());
    }
    if item.kind == EvidenceKind::ImageSignature {
        let expected = image_statement(manifest, about)?;
        if bundle.verify_statement(key, signatures)? != expected.as_bytes() {
            let message = format!("does not state that `{about}` is signed");
            return Err(Diagnostic::new(&codes::SIGNATURE_STATEMENT, message));
        }
        return Ok(());
    }
    // Too large a file is named by the check of files, and too large to hash.
    let limit = sizes.get(about).copied().unwrap_or(MAX_JSON_BYTES);
    let size = dist.size(about)?;
    if size > limit {
        let message = format!("`{about}` has {size} bytes, expected at most {limit}");
        return Err(Diagnostic::new(&evidence::codes::BUNDLE_SUBJECT, message));
    }
    let (_, digest) = dist.measure(about)?;
    bundle.verify_file(&digest, key, signatures)
}

fn text(dist: &dyn Dist, path: &str, limit: u64) -> Result<String, Diagnostic> {
    let bytes = dist.read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| Diagnostic::new(&codes::FILE_NOT_TEXT, "is not UTF-8"))
}
