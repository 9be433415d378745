//! What a repository ships, resolved: every default filled in, every version known.

use serde::{Deserialize, Serialize};

use crate::{Spec, Specs, Version};

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

/// One package, in any number of formats.
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
    /// How it comes about in each of its formats, by the format's key in the configuration.
    #[serde(flatten)]
    pub specs: Specs,
}

impl Package {
    /// The package called `name`, in no format.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            license: String::new(),
            specs: Specs::default(),
        }
    }

    /// The same, in the format whose spec `spec` is as well.
    #[must_use]
    pub fn with<T: Spec>(mut self, spec: T) -> Self {
        self.specs.set(spec);
        self
    }

    /// How it comes about in the format whose spec is a `T`.
    #[must_use]
    pub fn spec<T: Spec>(&self) -> Option<&T> {
        self.specs.get()
    }
}
