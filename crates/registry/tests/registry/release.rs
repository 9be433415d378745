//! A small release: one image for two platforms with its evidence, one chart.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use model::{Digest, Manifest};
use serde_json::{Value, json};

/// A release's folder and manifest. The folder is gone when this is dropped.
pub(crate) struct Release {
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Manifest,
    /// The digest of the image's index.
    pub(crate) index: Digest,
}

/// What a release is made from.
pub(crate) struct Recipe<'a> {
    /// `127.0.0.1:PORT`.
    pub(crate) registry: &'a str,
    pub(crate) version: &'a str,
    /// Bytes of each layer.
    pub(crate) layer: usize,
    /// What makes its bytes differ from those of another release.
    pub(crate) salt: &'a str,
}

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

impl Release {
    pub(crate) fn make(recipe: &Recipe<'_>) -> Self {
        let folder = scratch();
        let index = image(&folder, recipe);
        let index_path = format!("oci/app/blobs/sha256/{}", Digest::of(&index).hex());
        let sbom = br#"{"spdxVersion":"SPDX-2.3"}"#;
        let bundle = br#"{"dsseEnvelope":{"payload":""}}"#;
        let chart = chart(recipe.version);
        let chart_path = format!("helm/chart-{}.tgz", recipe.version);
        write(&folder, "sbom/app.spdx.json", sbom);
        write(&folder, "sign/app.sigstore.json", bundle);
        write(&folder, &chart_path, &chart);
        let manifest = json!({
            "schema": Manifest::SCHEMA, "generator": { "name": "x", "version": "1" },
            "release": {
                "version": recipe.version, "tag": "v1", "registry": recipe.registry, "charts": "x",
            },
            "source": { "dirty": false, "epoch": 315_532_800 },
            "plan": Digest::of(b""), "signing": "key", "units": [],
            "artifacts": [
                recipe.artifact("helm", "chart", "chart", &chart_path, &chart),
                recipe.artifact("oci", "image-index", "app", &index_path, &index),
            ],
            "documents": [{
                "kind": "sbom", "about": index_path, "path": "sbom/app.spdx.json",
                "size": sbom.len(), "digest": Digest::of(sbom),
            }],
            "evidence": [{
                "path": "sign/app.sigstore.json", "kind": "statement-bundle", "about": index_path,
            }],
            "assets": [], "tools": [],
        });
        let manifest = serde_json::from_value(manifest).unwrap();
        Self { folder, manifest, index: Digest::of(&index) }
    }
}

impl Recipe<'_> {
    fn artifact(&self, format: &str, kind: &str, name: &str, path: &str, bytes: &[u8]) -> Value {
        json!({
            "unit": format!("{name}/{format}"), "package": name, "format": format,
            "kind": kind, "version": self.version,
            "reference": format!("{}/o/{name}", self.registry),
            "path": path, "size": bytes.len(), "digest": Digest::of(bytes),
        })
    }
}

/// Writes an image's layout and gives its index.
fn image(folder: &Path, recipe: &Recipe<'_>) -> Vec<u8> {
    let pointer = |kind: &str, bytes: &[u8]| {
        write(folder, &format!("oci/app/blobs/sha256/{}", Digest::of(bytes).hex()), bytes);
        json!({ "mediaType": kind, "digest": Digest::of(bytes), "size": bytes.len() })
    };
    let mut children = Vec::new();
    for arch in ["amd64", "arm64"] {
        let mut layer = format!("{arch} {}", recipe.salt).into_bytes();
        layer.resize(recipe.layer.max(layer.len()), b'.');
        let config = json!({ "architecture": arch, "os": "linux" }).to_string();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": pointer("application/vnd.oci.image.config.v1+json", config.as_bytes()),
            "layers": [pointer("application/vnd.oci.image.layer.v1.tar+gzip", &layer)],
        });
        let mut child = pointer(MANIFEST, manifest.to_string().as_bytes());
        child["platform"] = json!({ "architecture": arch, "os": "linux" });
        children.push(child);
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": children });
    let index = index.to_string().into_bytes();
    pointer(INDEX, &index);
    index
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

impl Drop for Release {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder that nobody else uses.
pub(crate) fn scratch() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("registry-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn chart(version: &str) -> Vec<u8> {
    let text = format!("apiVersion: v2\nname: chart\nversion: {version}\n");
    let entries = [
        archive::Entry::new("chart/Chart.yaml", text),
        archive::Entry::new("chart/artifacthub-repo.yml", "repositoryID: x\n"),
    ];
    archive::gzip::write(&archive::tar::write(&entries, 0).unwrap())
}
