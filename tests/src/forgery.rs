//! A forger's workshop: takes a sealed release apart, and seals it again after any change so that
//! all of it agrees, but for the publisher's key, which a forger has not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use evidence::bundle::Bundle;
use model::{
    Artifact, Diagnostic, Digest, Document, DocumentKind, EvidenceKind, FileEntry, Manifest,
};
pub use release::INSPECTS;
use signing::{Key, Signer as _};

/// The files of a release by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// All files below `folder`. Panics where one cannot be read or is no file.
pub fn load(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut open = vec![String::new()];
    while let Some(inside) = open.pop() {
        for entry in fs::read_dir(folder.join(&inside)).expect("a folder that can be read") {
            let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
            let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            if folder.join(&path).is_dir() {
                open.push(path);
            } else {
                let bytes = fs::read(folder.join(&path)).expect("a file that can be read");
                files.insert(path, bytes);
            }
        }
    }
    files
}

/// Writes the files below `folder`, each a file of its own: no hard link is kept.
pub fn store(files: &Files, folder: &Path) {
    for (path, bytes) in files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("a folder can be made");
        fs::write(place, bytes).expect("a file can be written");
    }
}

/// The manifest of the release.
pub fn manifest(files: &Files) -> Manifest {
    serde_json::from_slice(&files[Manifest::FILE]).expect("a manifest")
}

/// Puts `manifest` in the place of the release's, as it would be rendered, and nothing else.
pub fn put_manifest(files: &mut Files, manifest: &Manifest) {
    let text = manifest.render().expect("a manifest renders");
    files.insert(Manifest::FILE.to_owned(), text.clone().into_bytes());
    files.insert(format!("github/{}", Manifest::FILE), text.into_bytes());
}

/// Gives the artifact at `path` other bytes, and its SBOM the digest of those.
pub fn replace(files: &mut Files, path: &str, bytes: Vec<u8>) {
    let old = Digest::of(&files[path]).hex();
    let new = Digest::of(&bytes).hex();
    let sizes = (files[path].len(), bytes.len());
    files.insert(path.to_owned(), bytes);
    // What a registry knows a chart by.
    let pointer = |hex: &str, size: usize| format!("{hex}\",\"size\":{size}");
    for (_, bytes) in files.iter_mut().filter(|(path, _)| path.ends_with(".manifest.json")) {
        let text = String::from_utf8_lossy(bytes);
        *bytes = text.replace(&pointer(&old, sizes.0), &pointer(&new, sizes.1)).into_bytes();
    }
    for (path, bytes) in files.iter_mut().filter(|(path, _)| path.starts_with("sbom/")) {
        let text = std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{path} is text"));
        if text.contains(&old) {
            *bytes = renamed(&text.replace(&old, &new)).into_bytes();
        }
    }
}

/// Seals the release again around the bytes that are there now, by the product's own functions, and
/// signs it with `key`; without one, the signatures stay as they are.
pub fn reseal(files: &mut Files, mut manifest: Manifest, key: Option<&Key>) {
    for file in manifest.artifacts.iter_mut().flat_map(files_of) {
        measure(files, file);
    }
    manifest.documents.retain(|document| document.kind == DocumentKind::Sbom);
    for document in &mut manifest.documents {
        measure(files, &mut document.file);
    }
    for (path, text) in verify::provenance(&manifest, INSPECTS).expect("provenance") {
        document(files, &mut manifest, DocumentKind::Provenance, &path, text);
    }
    manifest.assets = verify::assets_of(&manifest, INSPECTS).expect("assets");
    let lists = [
        ("checksums.txt", verify::all_digests(&manifest)),
        ("github/checksums.txt", verify::download_digests(&manifest)),
    ];
    for (path, list) in lists {
        let text = release::checksums(&list);
        document(files, &mut manifest, DocumentKind::Checksums, path, text);
    }
    release::put_in_order(&mut manifest);
    manifest.evidence = verify::evidence_of(&manifest, INSPECTS);
    manifest.assets = verify::assets_of(&manifest, INSPECTS).expect("assets");
    put_manifest(files, &manifest);
    for (path, text) in release::documents(&manifest, INSPECTS) {
        files.insert(path, text.into_bytes());
    }
    if let Some(key) = key {
        sign(files, &manifest, key);
    }
    link(files, &manifest);
}

/// Makes the evidence that the manifest lists, with `key`.
pub fn sign(files: &mut Files, manifest: &Manifest, key: &Key) {
    for item in &manifest.evidence {
        let about = item.about.as_deref().unwrap_or_default();
        let text = match item.kind {
            EvidenceKind::PublicKey => key.public_pem(),
            EvidenceKind::Bundle => rendered(key.sign_file(&Digest::of(&files[about]))),
            EvidenceKind::ImageSignature => {
                let statement =
                    verify::image_statement(manifest, INSPECTS, about).expect("an image");
                rendered(key.sign_statement(statement.as_bytes()))
            }
            EvidenceKind::StatementBundle => rendered(key.sign_statement(&files[about])),
        };
        files.insert(item.path.clone(), text.into_bytes());
    }
}

fn rendered(signed: Result<Bundle, Diagnostic>) -> String {
    signed.and_then(|bundle| bundle.render()).expect("signed")
}

/// Copies every download to its place in `github/`.
pub fn link(files: &mut Files, manifest: &Manifest) {
    for asset in &manifest.assets {
        let bytes = files[&asset.path].clone();
        files.insert(format!("github/{}", asset.name), bytes);
    }
}

/// The SBOM under the name that it gives itself: a digest of all the rest of it.
pub fn renamed(sbom: &str) -> String {
    let (before, rest) = sbom.split_once("\"documentNamespace\": \"").expect("a namespace");
    let (namespace, after) = rest.split_once('"').expect("an end");
    let (stem, _) = namespace.rsplit_once('-').expect("a digest in the namespace");
    let with = |name: &str| format!("{before}\"documentNamespace\": \"{name}\"{after}");
    with(&format!("{stem}-{}", Digest::of(with("").as_bytes()).hex()))
}

fn files_of(artifact: &mut Artifact) -> impl Iterator<Item = &mut FileEntry> {
    std::iter::once(&mut artifact.file).chain(&mut artifact.files)
}

fn measure(files: &Files, file: &mut FileEntry) {
    let bytes = &files[&file.path];
    (file.size, file.digest) = (bytes.len() as u64, Digest::of(bytes));
}

fn document(
    files: &mut Files,
    manifest: &mut Manifest,
    kind: DocumentKind,
    path: &str,
    text: String,
) {
    files.insert(path.to_owned(), text.into_bytes());
    let mut file = FileEntry { path: path.to_owned(), size: 0, digest: Digest::of(b"") };
    measure(files, &mut file);
    manifest.documents.push(Document { kind, about: None, components: 0, file });
    manifest.documents.sort_by(|a, b| a.file.path.cmp(&b.file.path));
}
