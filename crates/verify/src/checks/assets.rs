//! The downloads under their flat names: the right ones, with the bytes of what they stand for.

use std::collections::BTreeMap;

use format::{Downloads, Inspects};
use model::limits::{COMFORTABLE_RELEASE_ASSETS, MAX_JSON_BYTES};
use model::{Asset, Diagnostic, DocumentKind, EvidenceKind, Manifest};

use super::files;
use crate::Dist;
use crate::codes;
use crate::report::Findings;

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    found: &mut Findings,
) {
    match assets(manifest, formats) {
        Ok(expected) if expected == manifest.assets => {}
        Ok(_) => {
            let message = "does not list the downloads that its artifacts and documents make";
            found.wrong(&codes::ASSETS_LISTED, Manifest::FILE, message);
        }
        Err(problem) => found.add(problem, Manifest::FILE),
    }
    let sizes = files::sizes(manifest);
    for asset in &manifest.assets {
        found.look();
        let download = format!("github/{}", asset.name);
        let listed = sizes.get(asset.path.as_str()).copied();
        match difference(dist, asset, &download, listed) {
            Ok(None) => {}
            Ok(Some(message)) => found.wrong(&codes::ASSET_BYTES, &download, message),
            Err(problem) => found.add(problem, &download),
        }
    }
}

/// How the download differs from what it stands for. Hashes neither unless both are as large as
/// the manifest says, or small: else they are named already, here or by the check of files.
fn difference(
    dist: &dyn Dist,
    asset: &Asset,
    download: &str,
    listed: Option<u64>,
) -> Result<Option<String>, Diagnostic> {
    let there = dist.size(download)?;
    // A missing original is named by the check of files.
    let Ok(original) = dist.size(&asset.path) else { return Ok(None) };
    let of = format!("the bytes of `{}`", asset.path);
    if there != original {
        return Ok(Some(format!("has {there} bytes, expected {original}: {of}")));
    }
    if listed.map_or(original > MAX_JSON_BYTES, |listed| listed != original) {
        return Ok(None);
    }
    let (_, there) = dist.measure(download)?;
    let (_, original) = dist.measure(&asset.path)?;
    let message = || format!("has digest {there}, expected {original}: {of}");
    Ok((there != original).then(message))
}

/// How much of a release is offered as downloads, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offer {
    /// Every artifact but images, with its SBOM and its signature.
    Everything,
    /// Without SBOMs and signatures of single files: the signed list of digests and the signed
    /// provenance cover each of them.
    Artifacts,
    /// Without the Python archives as well, which people take from an index.
    OutsideIndexes,
}

/// The release's downloads, sorted by name: artifacts but images, SBOMs, provenance, the manifest,
/// and the evidence beside them; less of it when that would be more than
/// [`COMFORTABLE_RELEASE_ASSETS`]. What lies in `github/` anyway is not linked there.
///
/// # Errors
/// `asset-name-twice` when two files would be one download.
pub fn assets(manifest: &Manifest, formats: &[&dyn Inspects]) -> Result<Vec<Asset>, Diagnostic> {
    let mut assets = offered(manifest, formats, Offer::Everything)?;
    for offer in [Offer::Artifacts, Offer::OutsideIndexes] {
        if assets.len() > COMFORTABLE_RELEASE_ASSETS {
            assets = offered(manifest, formats, offer)?;
        }
    }
    Ok(assets)
}

fn offered(
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    offer: Offer,
) -> Result<Vec<Asset>, Diagnostic> {
    let mut files = Vec::new();
    for artifact in &manifest.artifacts {
        let is_offered = match <dyn Inspects>::of(formats, artifact.format)?.downloads() {
            Downloads::Always => true,
            Downloads::UnlessMany => offer != Offer::OutsideIndexes,
            Downloads::Never => false,
        };
        files.extend(is_offered.then_some(artifact));
    }
    let documents = manifest.documents.iter().filter(|doc| match doc.kind {
        DocumentKind::Sbom => offer == Offer::Everything,
        DocumentKind::Provenance => true,
        // They lie in `github/` already, or share a base name with the one that does.
        DocumentKind::Checksums => false,
    });
    let evidence = manifest.evidence.iter().filter(|item| match item.about.as_deref() {
        Some(about) if about.ends_with("checksums.txt") => false,
        // Like images, which lie in a registry.
        _ if item.kind == EvidenceKind::ImageSignature => false,
        Some(Manifest::FILE) | None => true,
        Some(_) => offer == Offer::Everything || item.kind == EvidenceKind::StatementBundle,
    });
    let paths = files
        .into_iter()
        .map(|artifact| artifact.file.path.as_str())
        .chain(documents.map(|document| document.file.path.as_str()))
        .chain(evidence.map(|item| item.path.as_str()))
        .chain([Manifest::FILE]);
    let mut assets = BTreeMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(other) = assets.insert(name, path) {
            let message = format!("`{other}` and `{path}` would be one download, `{name}`");
            return Err(Diagnostic::new(&codes::ASSET_NAME_TWICE, message));
        }
    }
    let asset = |(name, path): (&str, &str)| Asset { name: name.to_owned(), path: path.to_owned() };
    Ok(assets.into_iter().map(asset).collect())
}
