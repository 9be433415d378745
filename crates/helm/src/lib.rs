//! Helm charts: packaged without Helm, read from bytes, linted, and explained.
//!
//! The entry points are [`Helm`], [`pack_chart`], [`read_chart`], [`lint_chart`] and [`guide`];
//! [`push`] computes what `helm push` would push. Templates are left to Helm: this crate never
//! renders one. It must not know where files come from, what else a release contains, or the
//! protocol of registries.

mod artifact_hub;
mod builds;
mod checks;
pub mod codes;
mod dependencies;
mod discover;
mod edit;
mod guide;
mod ignore;
mod images;
mod inspects;
mod keys;
mod kube;
mod limits;
mod lint;
mod lock;
mod metadata;
mod names;
mod pack;
mod plans;
mod push;
mod read;
mod resolve;
mod schema;
mod spec;
mod units;
mod vendored;
mod yaml;

pub use guide::{LIBRARY_NOTE, guide};
pub use ignore::Ignore;
pub use images::ImageReference;
pub use lint::lint_chart;
pub use metadata::{ChartLock, ChartMetadata, Dependency, Maintainer, chart_metadata};
pub use names::*;
pub use pack::pack_chart;
pub use plans::Helm;
pub use push::{CHART_TYPE, Pushed, created_of, push};
pub use read::{Chart, Subchart, read_chart};
pub use spec::{ChartSpec, Lint};
