//! What `cargo metadata --format-version 1` knows of crates that are there already.

use model::Diagnostic;
use model::limits::MAX_JSON_BYTES;
use serde::Deserialize;

use super::wrong;
use crate::{Contents, purl};

/// Adds the licences of `cargo metadata` to crates that are there already, and adds no crate.
///
/// # Errors
/// `sbom-rust` when its JSON cannot be read.
pub fn add_licenses(contents: &mut Contents, cargo_metadata: &str) -> Result<(), Diagnostic> {
    if cargo_metadata.len() as u64 > MAX_JSON_BYTES {
        return Err(wrong("what `cargo metadata` says is too long"));
    }
    let metadata: Metadata = serde_json::from_str(cargo_metadata)
        .map_err(|error| wrong(format!("what `cargo metadata` says cannot be read: {error}")))?;
    for package in metadata.packages {
        let purl = purl::cargo(&package.name, &package.version);
        let component = contents.components.get_mut(&purl);
        if let Some(component) = component.filter(|component| component.license.is_empty()) {
            component.license = package.license.unwrap_or_default();
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}
