//! Artifact Hub's metadata, as it looks for it beside a chart in a registry.

use format::{PushedBlob, PushedManifest, go_json};
use model::Digest;
use serde::Serialize;

use crate::push::MANIFEST_TYPE;

/// Media type of Artifact Hub's configuration, which is empty.
const CONFIG_TYPE: &str = "application/vnd.cncf.artifacthub.config.v1+yaml";
/// Media type of Artifact Hub's metadata.
const HUB_TYPE: &str = "application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml";
/// The tag under which Artifact Hub looks for it.
pub(crate) const HUB_TAG: &str = "artifacthub.io";
/// The file that holds it.
pub(crate) const HUB_FILE: &str = "artifacthub-repo.yml";

/// What a registry gets of `metadata`.
pub(crate) fn hub(metadata: Vec<u8>) -> PushedManifest {
    let layer = Descriptor::of(HUB_TYPE, &metadata);
    let manifest = Manifest {
        schema_version: 2,
        media_type: MANIFEST_TYPE,
        config: Descriptor::of(CONFIG_TYPE, b""),
        layers: [layer],
    };
    // These types hold nothing that JSON cannot, so the fallback is never taken.
    let text = go_json(&serde_json::to_string(&manifest).unwrap_or_default());
    PushedManifest {
        media_type: MANIFEST_TYPE,
        bytes: text.into_bytes(),
        blobs: vec![PushedBlob::of(Vec::new()), PushedBlob::of(metadata)],
        is_index: false,
        described: String::new(),
        signed: String::new(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    media_type: &'static str,
    config: Descriptor,
    layers: [Descriptor; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: &'static str,
    digest: Digest,
    size: u64,
}

impl Descriptor {
    fn of(media_type: &'static str, bytes: &[u8]) -> Self {
        Self { media_type, digest: Digest::of(bytes), size: bytes.len() as u64 }
    }
}
