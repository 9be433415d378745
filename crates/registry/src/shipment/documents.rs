//! The JSON documents that only registries hold: manifests with a subject. Rendered compactly in
//! the order of the fields, without a time.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::descriptor::Descriptor;

/// The configuration of what has none (image-spec, "Guidance for an Empty Descriptor").
pub(crate) const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
/// Its bytes.
pub(crate) const EMPTY: &[u8] = b"{}";
/// A Sigstore bundle.
pub(crate) const BUNDLE_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// An SPDX document in JSON.
pub(crate) const SPDX_TYPE: &str = "application/spdx+json";

/// A manifest of something that is not an image.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactManifest {
    pub(crate) schema_version: u32,
    pub(crate) media_type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) artifact_type: &'static str,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Descriptor>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

/// JSON as Go's encoder writes it, as other programs of registries do.
pub(crate) fn go_json<T: Serialize>(document: &T) -> String {
    // These types hold nothing that JSON cannot, so the fallback is never taken.
    format::go_json(&serde_json::to_string(document).unwrap_or_default())
}
