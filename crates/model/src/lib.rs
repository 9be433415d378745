//! The nouns of a release, their spelling and their limits.
//!
//! `Config -> Plan -> Artifact (+ Evidence) -> Manifest -> Report`: every crate takes some of these
//! values and returns others. This one knows how they are spelled in TOML, JSON and file names, and
//! nothing else: no files, no processes, no clock, no archive format.

mod artifact;
mod budget;
mod code;
pub mod codes;
mod collect;
mod diagnostic;
mod digest;
mod dist;
mod findings;
mod invocation;
pub mod json;
pub mod limits;
mod manifest;
mod name;
mod package;
mod plan;
mod platform;
mod spec;
mod tree;
mod unit;
mod version;
mod word;

pub use artifact::{Artifact, Document, DocumentKind, FileEntry, Material};
pub use budget::{Budget, Exhausted};
pub use code::{Class, Code, Codes, Declared, Severity};
pub use collect::collect_by_insertion;
pub use diagnostic::{Context, Diagnostic, DiagnosticRecord, Diagnostics, Location};
pub use digest::{Digest, DigestError, Hasher};
pub use dist::{Dist, Entry};
pub use findings::Findings;
pub use invocation::Invocation;
pub use manifest::{
    Asset, BundleSigner, Evidence, EvidenceKind, Manifest, ReleaseFacts, Signing, ToolUse,
    UnitRecord, UnitStatus,
};
pub use name::{file_name_problem, normalized_python_name, path_problem, registry_part_fits};
pub use package::{Package, Release};
pub use plan::{Leg, Plan};
pub use platform::{Platform, UnknownPlatform};
pub use spec::{Spec, Specs};
pub use tree::{Found, MemoryTree, Tree};
pub use unit::{Unit, UnitId};
pub use version::{Version, VersionError};
pub use word::{ArtifactKind, Format, InvalidName, Recipe};
