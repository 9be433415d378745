//! How a chart comes about, as a plan holds it.

use model::{Spec, Version};
use serde::{Deserialize, Serialize};

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
    /// Files of the tree with the values that Helm checks the chart with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The Kubernetes version that Helm checks it for; one that the chart allows when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kube_version: Option<String>,
    /// What stops it: see [`Lint`]. When absent, what no values can mend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lint: Option<Lint>,
}

#[cfg(test)]
impl ChartSpec {
    /// The chart `x` 1.0.0 in the folder `path`, for tests.
    pub(crate) fn example(path: &str) -> Self {
        Self {
            name: "x".into(),
            path: path.into(),
            version: Version::parse("1.0.0").unwrap(),
            app_version: None,
            reference: "r.io/x".into(),
            values: Vec::new(),
            kube_version: None,
            lint: None,
        }
    }
}

/// What Helm's checks mean for a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lint {
    /// Whatever they find stops it.
    Error,
    /// Nothing that they find stops it.
    Warn,
    /// They do not run.
    Off,
}

impl Lint {
    /// Its spellings.
    pub const WORDS: &[&str] = &["error", "warn", "off"];

    /// Reads one of [`Lint::WORDS`].
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "error" => Some(Self::Error),
            "warn" => Some(Self::Warn),
            "off" => Some(Self::Off),
            _ => None,
        }
    }
}

impl Spec for ChartSpec {
    const KEY: &str = "chart";
}
