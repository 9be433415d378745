//! The manifest and the configuration of an image, read without its layers.

use std::collections::BTreeMap;

use model::{Diagnostic, Digest};

use super::{Reader, document, manifest_at};
use crate::spec::{Config, Manifest};

/// The manifest and the configuration of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The manifest.
    pub manifest: Manifest,
    /// The configuration.
    pub config: Config,
}

/// The descriptor of the configuration in the manifest at `path`.
///
/// # Errors
/// If it is not a manifest.
pub fn config_digest(path: &str, manifest: &[u8]) -> Result<Digest, Diagnostic> {
    document::parse::<Manifest>(manifest, path).map(|manifest| manifest.config.digest)
}

/// Reads the manifest with this digest and size, and its configuration, from the blobs of a layout.
///
/// # Errors
/// As [`crate::read_image`]; the blobs of layers need not be there.
pub fn read_head(
    folder: &str,
    manifest: (Digest, u64),
    files: &BTreeMap<String, &[u8]>,
) -> Result<Head, Diagnostic> {
    let mut reader = Reader::new(folder, files);
    let descriptor = manifest_at(manifest);
    let bytes = reader.blob(&descriptor)?;
    reader.head(&descriptor, bytes)
}
