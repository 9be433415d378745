//! How a Python package comes about, as a plan holds it.

use std::collections::BTreeMap;

use archive::time::{Moment, epoch_of_rfc3339};
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
    /// What the build's own dependencies are held to.
    #[serde(default, skip_serializing_if = "BuildCutoff::is_default")]
    pub build_cutoff: BuildCutoff,
}

/// The time after which no build dependency may have been published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BuildCutoff {
    /// The commit's, and none where nothing can be built by it; none either where the tree holds
    /// its backends still by a file of constraints.
    #[default]
    Default,
    /// The commit's, whatever comes of it.
    Commit,
    /// None.
    None,
    /// This one (RFC 3339), whatever comes of it.
    At(String),
}

impl BuildCutoff {
    /// Reads `commit`, `none`, a date, or a time (RFC 3339, UTC); a date is its first second.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "commit" => return Some(Self::Commit),
            "none" => return Some(Self::None),
            _ => {}
        }
        let time = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
        let epoch = epoch_of_rfc3339(&time)?;
        // Spelled back, so that a day that its month lacks is not taken for another.
        let spelled = Moment::at(epoch).rfc3339();
        (spelled == time).then_some(Self::At(spelled))
    }

    fn is_default(&self) -> bool {
        *self == Self::Default
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cutoff_is_a_word_a_date_or_a_time() {
        let check = |text: &str, expected: Option<BuildCutoff>| {
            assert_eq!(BuildCutoff::parse(text), expected, "{text:?}");
        };
        let at = |time: &str| Some(BuildCutoff::At(time.to_owned()));
        check("commit", Some(BuildCutoff::Commit));
        check("none", Some(BuildCutoff::None));
        check("2024-02-29", at("2024-02-29T00:00:00Z"));
        check("2026-01-31T12:30:00Z", at("2026-01-31T12:30:00Z"));
        let wrong = ["", "default", "2023-02-29", "2026-1-31", "31.01.2026", "7 days"];
        wrong.iter().for_each(|text| check(text, None));
        check("2026-01-31T12:30:00+01:00", None);
        check("2026-01-31T12:30:00.5Z", None);
    }
}
