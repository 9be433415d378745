//! Verifies what the world serves: an image in a registry, with all that refers to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use evidence::PublicKey;
use evidence::bundle::MEDIA_TYPE;
use model::limits::MAX_JSON_BYTES;
use model::{Place, Problem};
use remote::http::{Http, Patience};
use remote::oci::{self, FetchedManifest, Keychain, Limits, Reference};
use signing::P256;
use verify::{Report, Served};

use crate::options::Failure;

/// Media type of an SPDX document.
const SPDX: &str = "application/spdx+json";

/// Bytes of one piece of evidence at most: GitHub refuses larger predicates.
const MAX_EVIDENCE: u64 = 16 << 20;

/// Whether `subject` names something in a registry rather than a file: `oci://…`, or a reference
/// whose first part is a host.
pub(crate) fn is_reference(subject: &str) -> bool {
    let host = subject.split('/').next().unwrap_or_default();
    let hosted = host.contains(['.', ':']) || host == "localhost";
    subject.starts_with("oci://")
        || (hosted && !subject.starts_with('.') && subject.contains('/'))
            && Reference::parse(subject).is_ok()
}

/// Fetches what a registry serves under `subject` and verifies it with `key`.
///
/// # Errors
/// When it cannot be fetched, or is none; what is wrong with it is told by the report.
pub(crate) fn image(subject: &str, key: &PublicKey) -> Result<Report, Failure> {
    let reference = Reference::parse(subject).map_err(Failure::usage)?;
    let http = Http::new(Patience::default())?;
    let folder = Room::new()?;
    let keychain = Keychain::of_docker();
    let fetched = oci::fetch(&http, &keychain, &reference, &folder.0, Limits::default())?;
    let served: Result<Vec<Served>, Problem> =
        fetched.manifests.iter().map(|manifest| served(&reference, manifest)).collect();
    Ok(verify::verify_served(&fetched.reference.to_string(), &served?, key, &P256))
}

fn served(reference: &Reference, manifest: &FetchedManifest) -> Result<Served, Problem> {
    let texts = |kind: &str| -> Result<Vec<String>, Problem> {
        let layers = manifest.referrers.iter().flat_map(|referrer| &referrer.layers);
        let wanted = layers.filter(|layer| layer.media_type == kind);
        wanted.map(|layer| text(&layer.path, layer.size)).collect()
    };
    Ok(Served {
        name: format!("{}/{}@{}", reference.registry, reference.repository, manifest.file.digest),
        digest: manifest.file.digest,
        bundles: texts(MEDIA_TYPE)?,
        sboms: texts(SPDX)?,
    })
}

fn text(path: &Path, size: u64) -> Result<String, Problem> {
    if size > MAX_EVIDENCE.min(MAX_JSON_BYTES) {
        let message = format!("evidence of {size} bytes is above {MAX_EVIDENCE}");
        return Err(Problem::error("registry-limit", message));
    }
    let bytes = fs::read(path).map_err(|error| {
        let place = Place::file(path.display().to_string());
        Problem::error("file-failed", format!("cannot read it: {error}")).at(place)
    })?;
    // What is no text is no evidence: it fails where it is parsed.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A folder of this run's own below the system's temporary one, removed at the end.
struct Room(PathBuf);

impl Room {
    fn new() -> Result<Self, Problem> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("package-actions-verify-{}-{number}", process::id());
        let path = std::env::temp_dir().join(name);
        // One that is there already is somebody else's.
        fs::create_dir(&path).map(|()| Self(path.clone())).map_err(|error| {
            let message = format!("cannot make `{}`: {error}", path.display());
            Problem::error("file-failed", message)
        })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What cannot be removed is litter under the temporary folder, not a wrong answer.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_paths() {
        for reference in
            ["ghcr.io/o/r:1.2.3", "localhost:5000/o/r", "127.0.0.1:5000/r:1", "oci://ghcr.io/o/c:1"]
        {
            assert!(is_reference(reference), "{reference}");
        }
        for path in ["dist", "./dist/a", "../x.y/z", "dist/binary/app-linux-amd64", "a.whl"] {
            assert!(!is_reference(path), "{path}");
        }
    }
}
