//! One SPDX 2.3 document per artifact, from what is truly inside of it.
//!
//! First each source of facts (cargo-auditable data, Go's build information, Python requirements,
//! maturin's CycloneDX, a chart's dependencies) becomes [`Contents`]; then [`describe`] writes the
//! document and [`parse`] reads it back.
//!
//! It knows neither files nor formats of archives: its caller has read those already. What is known
//! only as a range is not a component: it is listed as unresolved.

mod chart;
pub mod codes;
mod contents;
mod cyclonedx;
mod describe;
mod go;
mod image;
mod license;
mod limits;
mod merge;
mod namespace;
mod purl;
mod python;
mod read;
mod rust;
mod spdx_json;
mod supplier;
mod system;

pub use chart::{ChartDependency, chart};
pub use contents::{About, Component, Contents, Edge, Link, Purpose};
pub use cyclonedx::{cyclonedx, cyclonedx_within};
pub use describe::{Context, PurlType, Sbom, Subject, describe};
pub use go::{GoBuild, GoModule, go};
pub use image::{
    BaseImage, DataPackage, base_images, data_packages, foreign_files, image, image_index,
    installed,
};
pub use license::license_expression;
pub use merge::merge;
pub use python::{python, requirements};
pub use read::{SbomFacts, parse};
pub use rust::{
    Crate, CrateKind, CrateVersion, Licenses, add_checksums, add_licenses, cargo_audit, cargo_lock,
    crates,
};
pub use supplier::Supplier;
pub use system::{Distribution, Installed, system};
