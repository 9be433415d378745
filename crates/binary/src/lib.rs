//! Static executables: what builds them, and what they truly are, read from their bytes.
//!
//! The doors are [`units`], [`go_command`] and [`cargo_builds`], [`read_binary`], [`check`] and
//! [`guide`]; [`go_build_info`] and [`audit_data`] say what was compiled in. Compilers are Go's and
//! Cargo's business: this room writes their command lines and never runs them. It must not know
//! where tools come from or what else a release holds.

mod audit;
mod cargo;
mod check;
pub mod codes;
mod executable;
mod go;
mod go_info;
mod guide;
mod units;

pub use audit::{AuditData, AuditKind, AuditPackage, audit_data};
pub use cargo::{CargoBuild, CargoSetup, cargo_builds};
pub use check::check;
pub use executable::{Executable, Kind, read_binary};
pub use go::{GoSetup, go_command};
pub use go_info::{GoBuildInfo, GoModule, go_build_info};
pub use guide::guide;
pub use units::{file_name, units};
