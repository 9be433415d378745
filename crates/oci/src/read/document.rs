//! Untrusted JSON documents.

use super::spelling;
use crate::codes;
use model::{Budget, Diagnostic, Location, json};
use serde::de::DeserializeOwned;

/// Reads the document in the file at `path`.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], path: &str) -> Result<T, Diagnostic> {
    let wrong =
        |message: String| Diagnostic::new(&codes::OCI_JSON, message).at(Location::file(path));
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(wrong(format!("is longer than {MAX_DOCUMENT_BYTES} bytes")));
    }
    if let Some(why) = json::ambiguity(bytes, &Budget::of(bytes.len() as u64)) {
        return Err(wrong(format!("is JSON that readers do not agree on: {why}")));
    }
    if let Err(why) = spelling::check(bytes) {
        return Err(wrong(format!("is JSON that readers do not agree on: {why}")));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| wrong(format!("does not follow the specification: {error}")))
}

/// The most bytes of a manifest, an index or a configuration: registries refuse manifests above 4
/// MiB.
const MAX_DOCUMENT_BYTES: usize = 4 << 20;
