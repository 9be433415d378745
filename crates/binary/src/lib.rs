//! Static executables: how to build them, and what they are according to their bytes.
//!
//! The entry points are [`Binary`], [`go_command`] and [`cargo_builds`], [`read_binary`], [`check`]
//! and [`guide`]; [`go_build_info`] and [`audit_data`] say what was compiled in. This crate writes
//! the command lines of Go and Cargo, and never runs them. It must not know where tools come from
//! or what else a release contains.

mod advice;
mod audit;
mod builds;
mod cargo;
mod check;
pub mod codes;
mod discover;
mod executable;
mod go;
mod go_info;
mod guide;
mod inspects;
mod keys;
mod ldflags;
mod names;
mod plans;
mod resolve;
mod spec;
mod units;

pub use audit::{AuditData, AuditKind, AuditPackage, audit_data};
pub use cargo::{CargoBuild, CargoSetup, cargo_builds};
pub use check::check;
pub use executable::{Executable, Kind, read_binary};
pub use go::{GoSetup, go_command};
pub use go_info::{GoBuildInfo, GoModule, go_build_info};
pub use guide::guide;
pub use names::*;
pub use plans::Binary;
pub use spec::{BinarySource, BinarySpec};
pub use units::file_name;
