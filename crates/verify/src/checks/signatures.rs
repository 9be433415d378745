//! Signatures: each that must be there is, is by one key, and is over the bytes beside it.

use evidence::{PublicKey, SignatureCheck, bundle};
use model::{Evidence, EvidenceKind, Manifest, Problem, Signing};

use crate::report::Findings;
use crate::{Dist, Policy, Signer};

/// Bytes of a bundle at most: a statement of 1,024 subjects in base64 is under a tenth of it.
const MAX_BUNDLE_BYTES: u64 = 8 << 20;

/// Bytes of a public key at most.
const MAX_KEY_BYTES: u64 = 16 << 10;

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
        found.wrong("signatures-listed", Manifest::FILE, message);
    }
    if manifest.signing == Signing::None {
        if policy.key.is_some() {
            let message = "says the release is not signed, expected signatures by the given key";
            found.wrong("signatures-none", Manifest::FILE, message);
        }
        return None;
    }
    let key = key(dist, policy, found)?;
    for item in expected.iter().filter(|item| item.kind != EvidenceKind::PublicKey) {
        found.look();
        if let Err(problem) = verify(dist, item, &key, signatures) {
            found.add(problem, &item.path);
        }
    }
    Some(if policy.key.is_some() { Signer::Key } else { Signer::Unknown })
}

/// The signed evidence that a release must have, sorted by path: a bundle for each file that
/// people download, for the lists of digests and for the manifest; the statements in envelopes;
/// and the public key. Images are covered by provenance and the lists.
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
    let files = manifest.artifacts.iter().filter(|artifact| artifact.format != model::Format::Oci);
    let mut list: Vec<Evidence> =
        files.map(|artifact| item(&artifact.file.path, EvidenceKind::Bundle)).collect();
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

fn key(dist: &dyn Dist, policy: &Policy, found: &mut Findings) -> Option<PublicKey> {
    found.look();
    let path = Manifest::KEY_FILE;
    let there = text(dist, path, MAX_KEY_BYTES).and_then(|pem| PublicKey::parse(&pem));
    match (there, &policy.key) {
        (Ok(there), Some(asked)) if there != *asked => {
            let message = "is another key than the one that was given";
            found.wrong("signatures-key", path, message);
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
    item: &Evidence,
    key: &PublicKey,
    signatures: &dyn SignatureCheck,
) -> Result<(), Problem> {
    let bundle = bundle::parse(&text(dist, &item.path, MAX_BUNDLE_BYTES)?)?;
    let about = item.about.as_deref().unwrap_or_default();
    if item.kind == EvidenceKind::StatementBundle {
        let statement = bundle.verify_statement(key, signatures)?;
        if dist.read(about, statement.len() as u64 + 1)? != statement {
            let message = format!("holds another statement than `{about}`");
            return Err(Problem::error("signature-statement", message));
        }
        return Ok(());
    }
    let (_, digest) = dist.measure(about)?;
    bundle.verify_file(&digest, key, signatures)
}

fn text(dist: &dyn Dist, path: &str, limit: u64) -> Result<String, Problem> {
    let bytes = dist.read(path, limit)?;
    String::from_utf8(bytes).map_err(|_| Problem::error("file-not-text", "is not UTF-8"))
}
