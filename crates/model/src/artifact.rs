//! Artifacts and documents: files that were built or derived, and measured.

use serde::{Deserialize, Serialize};

use crate::{ArtifactKind, Digest, Format, Platform, UnitId};

/// A file of `dist/`, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path in `dist/`, with `/`.
    pub path: String,
    /// Length in bytes.
    pub size: u64,
    /// What its bytes hash to.
    pub digest: Digest,
}

/// A file of others that was fetched to be packed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Material {
    /// What it is and where it is from, as a package URL.
    pub uri: String,
    /// What its bytes hash to.
    pub digest: Digest,
}

/// Something that a unit built and that people use. Evidence points at its digest; it never
/// points back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// The unit that built it.
    pub unit: UnitId,
    /// The package it belongs to.
    pub package: String,
    /// Its format.
    pub format: Format,
    /// Its kind.
    pub kind: ArtifactKind,
    /// The platform it runs on; absent when on all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The version, as this format spells it.
    pub version: String,
    /// Where people find it, without a tag: `ghcr.io/owner/name`. Images and charts only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// The file itself; of an image, its manifest's blob in the layout.
    #[serde(flatten)]
    pub file: FileEntry,
    /// Further files that belong to it: an image's configuration and layers, a layout's index; the
    /// manifest that a registry knows a chart by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileEntry>,
    /// What of others was fetched and is inside, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// What a person should know about how it came about, such as `repacked`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// An SPDX 2.3 document (JSON) about one artifact.
    Sbom,
    /// A list of digests that `sha256sum -c` reads.
    Checksums,
    /// An in-toto statement with a SLSA provenance predicate, not yet signed.
    Provenance,
}

/// An unsigned document derived from artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its kind.
    pub kind: DocumentKind,
    /// The path of the artifact it is about; absent when it is about all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Packages that an SBOM lists below its root; 0 for other kinds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub components: usize,
    /// The file.
    #[serde(flatten)]
    pub file: FileEntry,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
