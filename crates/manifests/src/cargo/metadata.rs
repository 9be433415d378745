//! The answer of `cargo metadata --format-version 1`: the few fields that a release needs.
//!
//! The crate `cargo_metadata` reads all of them, with `semver`, `camino` and `cargo-platform`
//! below it; here the names, versions and licences are enough.

use model::limits::MAX_JSON_BYTES;
use serde::Deserialize;

/// What `cargo metadata` says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CargoMetadata {
    /// The packages that cargo resolved.
    pub packages: Vec<MetadataPackage>,
    /// The folder where `Cargo.lock` is.
    pub workspace_root: String,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MetadataPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as its author wrote it.
    pub license: Option<String>,
}

/// Why an answer cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CargoMetadataError {
    /// More than [`MAX_JSON_BYTES`].
    #[error("what `cargo metadata` says is longer than 64 MiB")]
    TooLong,
    /// Not the JSON of `cargo metadata`.
    #[error("what `cargo metadata` says cannot be read: {0}")]
    Unreadable(String),
}

impl CargoMetadata {
    /// Reads the JSON.
    ///
    /// # Errors
    /// When it is too long, or lacks one of the fields.
    pub fn parse(json: &[u8]) -> Result<Self, CargoMetadataError> {
        if json.len() as u64 > MAX_JSON_BYTES {
            return Err(CargoMetadataError::TooLong);
        }
        serde_json::from_slice(json)
            .map_err(|error| CargoMetadataError::Unreadable(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_and_other_fields_are_not() {
        let json = br#"{"packages":[{"name":"a","version":"1.0.0","license":"MIT","x":1},
            {"name":"b","version":"2.0.0","license":null}],"workspace_root":"/w","version":1}"#;
        let metadata = CargoMetadata::parse(json).unwrap();
        let licenses: Vec<Option<&str>> =
            metadata.packages.iter().map(|package| package.license.as_deref()).collect();
        assert_eq!(licenses, [Some("MIT"), None]);
        assert_eq!(metadata.workspace_root, "/w");
    }

    #[test]
    fn an_answer_that_lacks_a_field_is_refused() {
        let cases: [&[u8]; 5] = [
            b"",
            b"[",
            b"{}",
            b"{\"packages\":[]}",
            b"{\"packages\":[{}],\"workspace_root\":\"/w\"}",
        ];
        for json in cases {
            assert!(matches!(CargoMetadata::parse(json), Err(CargoMetadataError::Unreadable(_))));
        }
    }
}
