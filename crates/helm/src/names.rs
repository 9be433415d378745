//! What plans and manifests call the format, its artifacts, and the ways in which they come about.

use model::{ArtifactKind, Format};

/// Helm charts.
pub const FORMAT: Format = Format::new("helm");
/// A packed Helm chart.
pub const CHART: ArtifactKind = ArtifactKind::new("chart");

/// Ways in which units come about.
pub mod recipes {
    use model::Recipe;

    /// A chart.
    pub const CHART: Recipe = Recipe::new("chart");
}
