//! Descriptors (image-spec, "descriptor"), and the media types and annotations that every registry
//! knows.

use std::collections::BTreeMap;

use model::Digest;
use serde::{Deserialize, Serialize};

/// Media type of an image manifest, also of what is not an image.
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Media type of an image index.
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The annotation of a layout's index that holds a manifest's tag.
pub(crate) const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// The annotation that holds a file's name.
pub(crate) const TITLE: &str = "org.opencontainers.image.title";

/// What points at a blob or manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) artifact_type: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// The descriptor of bytes.
    pub(crate) fn at(media_type: &str, bytes: &[u8]) -> Self {
        Self::to(media_type, Digest::of(bytes), bytes.len() as u64)
    }

    /// The descriptor of what has this digest and size.
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
