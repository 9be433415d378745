//! The downloads under their flat names: the right ones, with the bytes of what they stand for.

use std::collections::BTreeMap;

use model::{Asset, DocumentKind, Format, Manifest, Problem};

use crate::Dist;
use crate::report::Findings;

pub(crate) fn check(dist: &dyn Dist, manifest: &Manifest, found: &mut Findings) {
    match assets(manifest) {
        Ok(expected) if expected == manifest.assets => {}
        Ok(_) => {
            let message = "does not list the downloads that its artifacts and documents make";
            found.wrong("assets-listed", Manifest::FILE, message);
        }
        Err(problem) => found.add(problem, Manifest::FILE),
    }
    for asset in &manifest.assets {
        found.look();
        let download = format!("github/{}", asset.name);
        match (dist.measure(&download), dist.measure(&asset.path)) {
            (Ok((_, there)), Ok((_, original))) if there != original => {
                let message = format!(
                    "has digest {there}, expected {original}: the bytes of `{}`",
                    asset.path
                );
                found.wrong("asset-bytes", &download, message);
            }
            (Err(problem), _) => found.add(problem, &download),
            // A missing original is named by the check of files.
            _ => {}
        }
    }
}

/// The release's downloads, sorted by name: every artifact but images, the SBOMs, the provenance,
/// the manifest, and the evidence beside them. What lies in `github/` anyway is not linked there.
///
/// # Errors
/// `asset-name-twice` when two files would be one download.
pub fn assets(manifest: &Manifest) -> Result<Vec<Asset>, Problem> {
    let files = manifest.artifacts.iter().filter(|artifact| artifact.format != Format::Oci);
    let documents = manifest.documents.iter().filter(|doc| doc.kind != DocumentKind::Checksums);
    let evidence = manifest.evidence.iter().map(|item| item.path.as_str());
    // The list for the whole folder and the list of the downloads share one base name.
    let linked = evidence.filter(|path| !path.contains("checksums.txt"));
    let paths = files
        .map(|artifact| artifact.file.path.as_str())
        .chain(documents.map(|document| document.file.path.as_str()))
        .chain(linked)
        .chain([Manifest::FILE]);
    let mut assets = BTreeMap::new();
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        if let Some(other) = assets.insert(name, path) {
            let message = format!("`{other}` and `{path}` would be one download, `{name}`");
            return Err(Problem::error("asset-name-twice", message));
        }
    }
    let asset = |(name, path): (&str, &str)| Asset { name: name.to_owned(), path: path.to_owned() };
    Ok(assets.into_iter().map(asset).collect())
}
