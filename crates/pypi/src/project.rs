//! How a Python package comes about, as a plan holds it.

use std::collections::BTreeMap;

use model::{Platform, Spec, Version};
use serde::{Deserialize, Serialize};

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

impl Spec for PythonSpec {
    const KEY: &str = "python";
}
