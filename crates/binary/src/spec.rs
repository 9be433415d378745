//! How executables come about, as a plan holds it.

use std::collections::BTreeMap;

use model::{Platform, Spec, Version};
use serde::{Deserialize, Serialize};

/// How the executables come about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BinarySpec {
    /// The name in file names: `NAME-linux-amd64`.
    pub name: String,
    /// Their version (SemVer).
    pub version: Version,
    /// What they are built from.
    pub source: BinarySource,
    /// Platforms.
    pub platforms: Vec<Platform>,
    /// Variables added to the build's environment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
}

/// What an executable is built from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "language", rename_all = "lowercase")]
pub enum BinarySource {
    /// A Go main package.
    Go {
        /// Folder of the main package.
        path: String,
        /// Folder of its `go.mod`.
        module: String,
        /// Flags of the linker as they are written, placeholders included; absent for the default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ldflags: Option<String>,
        /// Build tags.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// A binary of a Cargo package.
    Rust {
        /// Folder of the package's `Cargo.toml`.
        path: String,
        /// Folder of its workspace: where `Cargo.lock` lies.
        workspace: String,
        /// Cargo's name of the package.
        package: String,
        /// Name of the binary target.
        bin: String,
        /// Features of the package that are asked for, sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        features: Vec<String>,
        /// Whether the package's default features are left out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        no_default_features: bool,
    },
}

impl Spec for BinarySpec {
    const KEY: &str = "binary";
}
