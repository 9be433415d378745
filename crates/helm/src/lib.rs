//! Helm charts: packed here without Helm, read back from bytes, linted, and explained.
//!
//! The doors are [`units`], [`pack_chart`], [`commands`], [`read_chart`], [`lint_chart`] and
//! [`guide`]; [`push`] says what `helm push` would make of a chart. A chart's templates are Helm's
//! business: this room never renders one. It must not know where files come from, what else a
//! release holds, or how a registry is spoken to.

pub mod codes;
mod edit;
mod go_json;
mod guide;
mod ignore;
mod images;
mod lint;
mod lock;
mod metadata;
mod pack;
mod push;
mod read;
mod tool;
mod units;
mod yaml;

pub use go_json::go_json;
pub use guide::{LIBRARY_NOTE, guide};
pub use ignore::Ignore;
pub use images::ImageReference;
pub use lint::lint_chart;
pub use metadata::{ChartLock, ChartMetadata, Dependency, Maintainer, chart_metadata};
pub use pack::pack_chart;
pub use push::{CHART_TYPE, Pushed, created_of, push};
pub use read::{Chart, Subchart, read_chart};
pub use tool::{HelmSetup, commands};
pub use units::units;
