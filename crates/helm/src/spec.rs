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
}

impl Spec for ChartSpec {
    const KEY: &str = "chart";
}
