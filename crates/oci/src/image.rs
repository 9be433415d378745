//! How an image comes about, as a plan holds it.

use std::collections::BTreeMap;

use model::{Platform, Spec, Version};
use serde::{Deserialize, Serialize};

/// How the image comes about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSpec {
    /// The image's last name part; folder below `dist/oci/`.
    pub name: String,
    /// Registry and name, without a tag: `ghcr.io/owner/name`.
    pub reference: String,
    /// The version it carries; its tag is [`Version::tag`].
    pub version: Version,
    /// What it is made from.
    pub source: ImageSource,
    /// Platforms, Linux ones only.
    pub platforms: Vec<Platform>,
    /// The user it runs as: a number, or `uid:gid`. Never root.
    pub user: String,
    /// TCP ports it listens on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// The command it starts; for `from = "binary"` the binary itself unless said otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    /// Variables of its configuration.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// What lies below an image from a binary.
    #[serde(default, skip_serializing_if = "Base::is_default")]
    pub base: Base,
    /// Further files of an image from a binary: where each goes, and the file or folder of the tree
    /// that it comes from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// How a container engine asks whether it is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<HealthCheck>,
}

/// What lies below the executable of an image from a binary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// Certificate authorities, time zones, a user called `nonroot` and `/tmp`.
    #[default]
    Usual,
    /// Nothing.
    None,
}

impl Base {
    /// Whether it is what an image has that names none.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A command that answers 0 when the container is well. Times are fixed: 30 s, 5 s, 3 tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// The command and its arguments, run without a shell.
    pub command: Vec<String>,
}

/// What an image is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "lowercase")]
pub enum ImageSource {
    /// This release's own binary of the same package, on nothing else.
    Binary,
    /// A Dockerfile, built by `docker buildx`.
    Dockerfile(DockerfileSpec),
}

/// What `docker buildx` builds an image from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DockerfileSpec {
    /// Path of the file.
    pub dockerfile: String,
    /// Path of the build context.
    pub context: String,
    /// The stage that is built; the last one when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Build arguments. Never secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub build_args: BTreeMap<String, String>,
    /// Names of environment variables that the Dockerfile may mount as secrets of those names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Whether the build context holds the repository, at its commit alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub git: bool,
    /// Packages whose wheels and executables lie in the build context called `release`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_release: Vec<String>,
}

impl Spec for ImageSpec {
    const KEY: &str = "image";
}
