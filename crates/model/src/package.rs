//! What a repository ships, resolved: every default filled in, every version known.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Platform, Version};

/// What holds for the whole release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The release's version.
    pub version: Version,
    /// The git tag, with the version filled in.
    pub tag: String,
    /// Where images go: `ghcr.io/owner`.
    pub registry: String,
    /// Where charts go, without `oci://`: `ghcr.io/owner/helm-charts`.
    pub charts: String,
    /// The repository's web address, without a slash at the end; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repository: String,
    /// What `CHANGELOG.md` says of this version, in Markdown; empty when it says nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
}

impl Release {
    /// The release of `version` under the usual tag, with no places known yet.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self {
            tag: format!("v{}", version.text()),
            version,
            registry: String::new(),
            charts: String::new(),
            repository: String::new(),
            notes: String::new(),
        }
    }
}

/// One package, in up to four formats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The name, as in the configuration.
    pub name: String,
    /// One line for people; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// SPDX licence expression; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// Wheels and sdists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<PythonSpec>,
    /// Container image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageSpec>,
    /// Static executables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary: Option<BinarySpec>,
    /// Helm chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chart: Option<ChartSpec>,
}

/// How the Python package comes about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PythonSpec {
    /// The project's name in its own manifest, as written there.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// What kind of project it is.
    pub kind: PythonKind,
    /// Folder of `pyproject.toml`; empty for a meta package.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// `Requires-Python` of a meta package or of the project; empty when not said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub requires_python: String,
    /// Variables added to the build's environment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Whether the backend's archives are packed again deterministically.
    pub repack: bool,
}

/// The kinds of Python package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum PythonKind {
    /// Any PEP 517 project whose wheel holds no machine code: one wheel and one sdist.
    Pure,
    /// A maturin project: one sdist, and wheels for each platform.
    Pyo3 {
        /// Platforms with wheels.
        platforms: Vec<Platform>,
        /// The lowest Python of the stable ABI (`3.9`), from PyO3's `abi3-py39` feature.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        abi3: Option<String>,
        /// Interpreters to build for, such as `3.12`, when there is no stable ABI.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pythons: Vec<String>,
    },
    /// A package that holds nothing but exact requirements.
    Meta {
        /// Distribution name and PEP 440 version of each member, sorted.
        members: Vec<(String, String)>,
    },
}

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
    /// How a container engine asks whether it is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<HealthCheck>,
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
    /// Packages whose wheels and executables lie in the build context called `release`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from_release: Vec<String>,
}

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
    },
}

/// How the chart comes about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartSpec {
    /// The chart's own name.
    pub name: String,
    /// Folder of `Chart.yaml`.
    pub path: String,
    /// The version it is packed with (SemVer).
    pub version: Version,
    /// The appVersion it is packed with; what `Chart.yaml` says when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// Registry and name, without `oci://`: `ghcr.io/owner/helm-charts/name`.
    pub reference: String,
}
