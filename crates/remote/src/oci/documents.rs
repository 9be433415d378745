//! The JSON documents that only registries hold: manifests with a subject, indexes of referrers.
//! Rendered compactly in the order of the fields, without a time.

use std::collections::BTreeMap;

use model::Digest;
use serde::{Deserialize, Serialize};

/// The configuration of what has none (image-spec, "Guidance for an Empty Descriptor").
pub(crate) const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
/// Its bytes.
pub(crate) const EMPTY: &[u8] = b"{}";
/// A Sigstore bundle.
pub(crate) const BUNDLE_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// An SPDX document in JSON.
pub(crate) const SPDX_TYPE: &str = "application/spdx+json";
/// The annotation that holds a file's name.
pub(crate) const TITLE: &str = "org.opencontainers.image.title";

/// What points at a blob or manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pointer {
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) artifact_type: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

/// A manifest of something that is no image.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ArtifactManifest {
    pub(crate) schema_version: u32,
    pub(crate) media_type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) artifact_type: &'static str,
    pub(crate) config: Pointer,
    pub(crate) layers: Vec<Pointer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Pointer>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Pointer {
    /// A pointer at bytes.
    pub(crate) fn at(media_type: &str, bytes: &[u8]) -> Self {
        Self::to(media_type, Digest::of(bytes), bytes.len() as u64)
    }

    /// A pointer at what has this digest and size.
    pub(crate) fn to(media_type: &str, digest: Digest, size: u64) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest,
            size,
            artifact_type: String::new(),
            annotations: BTreeMap::new(),
        }
    }

    /// The same with an annotation.
    pub(crate) fn with(mut self, name: &str, text: &str) -> Self {
        self.annotations.insert(name.to_owned(), text.to_owned());
        self
    }
}

/// JSON as Go's encoder writes it, as other programs of registries do.
pub(crate) fn go_json<T: Serialize>(document: &T) -> String {
    // These types hold nothing that JSON cannot, so the fallback is never taken.
    helm::go_json(&serde_json::to_string(document).unwrap_or_default())
}
