//! Helm charts: packed here without Helm, read back from bytes, linted, and explained.
//!
//! The doors are [`units`], [`pack_chart`], [`commands`], [`read_chart`], [`lint_chart`] and
//! [`guide`]. A chart's templates are Helm's business: this room never renders one. It must not
//! know where files come from, what else a release holds, or how charts reach a registry.

mod edit;
mod guide;
mod ignore;
mod images;
mod lint;
mod lock;
mod metadata;
mod pack;
mod read;
mod tool;
mod units;
mod yaml;

pub use guide::{LIBRARY_NOTE, guide};
pub use ignore::Ignore;
pub use images::ImageReference;
pub use lint::lint_chart;
pub use metadata::{ChartLock, ChartMetadata, Dependency, Maintainer, chart_metadata};
pub use pack::pack_chart;
pub use read::{Chart, Subchart, read_chart};
pub use tool::{HelmSetup, commands};
pub use units::units;
