//! The two lists of digests name every artifact and SBOM once, and nothing else.

use std::collections::BTreeMap;

use model::limits::MAX_JSON_BYTES;
use model::{Digest, DocumentKind, Manifest};

use crate::Dist;
use crate::codes;
use crate::report::Findings;

/// The list for the whole folder, and the one for the downloads.
const LISTS: [&str; 2] = ["checksums.txt", "github/checksums.txt"];

pub(crate) fn check(dist: &dyn Dist, manifest: &Manifest, found: &mut Findings) {
    let listed = manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Checksums);
    let listed: Vec<&str> = listed.map(|document| document.file.path.as_str()).collect();
    if listed != LISTS {
        let message = format!("lists the checksum files {listed:?}, expected {LISTS:?}");
        return found.wrong(&evidence::codes::CHECKSUMS_MISSING, Manifest::FILE, message);
    }
    let expected = [whole(manifest), downloads(manifest)];
    for (path, entries) in LISTS.into_iter().zip(expected) {
        found.look();
        match dist.read(path, MAX_JSON_BYTES) {
            Ok(bytes) if bytes == evidence::checksums::render(&entries).as_bytes() => {}
            Ok(_) => {
                let message = "does not list each artifact and SBOM with its digest, in order";
                found.wrong(&codes::CHECKSUMS_RENDERING, path, message);
            }
            Err(problem) => found.add(problem, path),
        }
    }
}

/// What `checksums.txt` lists: every file of the artifacts, and the SBOMs, by path in `dist/`.
#[must_use]
pub fn whole(manifest: &Manifest) -> Vec<(String, Digest)> {
    let artifacts = manifest.artifacts.iter();
    let mut entries: Vec<(String, Digest)> = artifacts
        .flat_map(|artifact| std::iter::once(&artifact.file).chain(&artifact.files))
        .chain(sboms(manifest))
        .map(|file| (file.path.clone(), file.digest))
        .collect();
    entries.sort();
    entries.dedup();
    entries
}

/// What `github/checksums.txt` lists: the downloads among them, by bare name.
#[must_use]
pub fn downloads(manifest: &Manifest) -> Vec<(String, Digest)> {
    let whole: BTreeMap<String, Digest> = whole(manifest).into_iter().collect();
    let assets = manifest.assets.iter();
    assets.filter_map(|asset| Some((asset.name.clone(), *whole.get(&asset.path)?))).collect()
}

fn sboms(manifest: &Manifest) -> impl Iterator<Item = &model::FileEntry> {
    let documents = manifest.documents.iter();
    documents.filter(|doc| doc.kind == DocumentKind::Sbom).map(|document| &document.file)
}
