//! Python packages: wheels, source distributions, and the index that lists them.
//!
//! What each format has: [`Pypi`] (how it is planned, built and inspected), [`commands`] (what an
//! external tool would be asked), [`read_wheel`] and [`read_sdist`] (artifacts back from bytes),
//! [`lint_wheel`] and [`lint_sdist`] (would an index accept them, by [`RULES`]), [`guide`] (what
//! people type); and what this crate packs itself: [`repack_wheel`], [`repack_sdist`],
//! [`meta_package`], [`simple_index`]. It runs no backend, asks no index and knows no other format.

mod builds;
pub mod codes;
mod commands;
mod cyclonedx;
mod discover;
mod entry_points;
mod guide;
mod inspects;
mod keys;
mod lines;
mod lint;
mod locked_crates;
mod meta;
mod metadata;
mod name;
mod names;
mod plans;
mod project;
mod record;
mod requirement;
mod resolve;
mod sdist;
mod simple;
mod tags;
mod units;
mod wheel;

pub use builds::crate_manifest;
pub use commands::{PythonPaths, commands, rust_target};
pub use entry_points::EntryPoints;
pub use guide::guide;
pub use lint::{
    Concerns, LooksAt, RULES, Reported, Rule, breaks_the_file, check_sdist, check_wheel,
    lint_sdist, lint_wheel,
};
pub use meta::meta_package;
pub use metadata::{MAX_METADATA_BYTES, Metadata};
pub use name::{NameError, SdistName, WheelName, is_name, normalize_for_files};
pub use names::*;
pub use plans::Pypi;
pub use project::{BuildCutoff, PythonKind, PythonSpec};
pub use record::RecordLine;
pub use requirement::{Requirement, is_marker, is_specifier_set};
pub use sdist::{Sdist, read_sdist, repack_sdist};
pub use simple::simple_index;
pub use tags::{Tag, is_accepted, platform_of};
pub use wheel::{Wheel, read_wheel, repack_wheel};
