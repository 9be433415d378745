//! Seals what was built: SBOMs, checksums, provenance, the manifest, and the downloads.
//!
//! The manifest is written once, here, before any signature; nothing that comes later changes it.

use model::{Diagnostic, Document, DocumentKind, Manifest, Signing};
use release::{Formats, Record};

use crate::codes;
use crate::folder::Folder;
use crate::options::Failure;
use crate::sealed::Sealed;

/// Seals the build in `dist` and writes everything but signatures.
///
/// # Errors
/// When an artifact changed since it was built, cannot be described, or a file cannot be written.
pub(crate) fn seal(
    dist: &Folder,
    record: &Record,
    formats: Formats,
    signing: Signing,
) -> Result<Sealed, Failure> {
    let table = formats.inspects;
    let mut manifest = record.manifest(signing);
    unchanged(dist, &manifest)?;
    for artifact in &record.artifacts {
        // It is as it was measured, so that what cannot be described is wrong in itself.
        let described = release::sbom(dist, record, formats, artifact).map_err(Failure::no)?;
        let file = dist.write(&described.path, described.text.as_bytes(), false)?;
        let about = Some(artifact.file.path.clone());
        let components = described.components;
        manifest.documents.push(Document { kind: DocumentKind::Sbom, about, components, file });
    }
    release::put_in_order(&mut manifest);
    for (path, text) in verify::provenance(&manifest, table)? {
        add(dist, &mut manifest, DocumentKind::Provenance, &path, &text)?;
    }
    // How much is offered for download depends on how many signatures there will be, so these are
    // known before the lists of digests, whose own signatures are no matter of the offer.
    manifest.evidence = verify::evidence_of(&manifest, table);
    manifest.assets = verify::assets_of(&manifest, table)?;
    let lists = [
        ("checksums.txt", release::checksums(&verify::all_digests(&manifest))),
        ("github/checksums.txt", release::checksums(&verify::download_digests(&manifest))),
    ];
    for (path, text) in lists {
        add(dist, &mut manifest, DocumentKind::Checksums, path, &text)?;
    }
    release::put_in_order(&mut manifest);
    manifest.evidence = verify::evidence_of(&manifest, table);
    let text = manifest.render().map_err(|error| {
        Diagnostic::new(
            &verify::codes::MANIFEST_RENDERING,
            format!("the manifest cannot be written: {error}"),
        )
    })?;
    dist.write(Manifest::FILE, text.as_bytes(), false)?;
    for (path, text) in release::documents(&manifest, table) {
        dist.write(&path, text.as_bytes(), false)?;
    }
    link_downloads(dist, &manifest, |path| !is_evidence(&manifest, path))?;
    Ok(Sealed::of(manifest, text.into_bytes(), formats))
}

/// Links the downloads whose originals `wanted` picks into `github/`.
///
/// # Errors
/// When one cannot be made.
pub(crate) fn link_downloads(
    dist: &Folder,
    manifest: &Manifest,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Diagnostic> {
    for asset in manifest.assets.iter().filter(|asset| wanted(&asset.path)) {
        dist.link(&asset.path, &format!("github/{}", asset.name))?;
    }
    Ok(())
}

/// Whether `path` is written by signing.
pub(crate) fn is_evidence(manifest: &Manifest, path: &str) -> bool {
    manifest.evidence.iter().any(|item| item.path == path)
}

fn unchanged(dist: &Folder, manifest: &Manifest) -> Result<(), Diagnostic> {
    use verify::Dist as _;
    let files = manifest.artifacts.iter().flat_map(|a| std::iter::once(&a.file).chain(&a.files));
    for file in files {
        let (size, digest) = dist.measure(&file.path)?;
        if (size, digest) != (file.size, file.digest) {
            let message = format!("has digest {digest}, expected {} as built", file.digest);
            return Err(Diagnostic::new(&codes::SEAL_CHANGED, message)
                .at(model::Location::file(&file.path))
                .help("build again; nothing may touch `dist/` between build and seal"));
        }
    }
    Ok(())
}

fn add(
    dist: &Folder,
    manifest: &mut Manifest,
    kind: DocumentKind,
    path: &str,
    text: &str,
) -> Result<(), Diagnostic> {
    let file = dist.write(path, text.as_bytes(), false)?;
    manifest.documents.push(Document { kind, about: None, components: 0, file });
    Ok(())
}
