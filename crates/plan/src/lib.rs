//! Config and Plan: from `package-actions.toml` and the tree's texts to all a release builds.
//!
//! Pure: the tree is asked through [`model::Tree`], the units come from the formats through the
//! caller, and nothing here knows a clock, a process, a network or an archive. Same texts and same
//! selection give the same plan, byte for byte.

mod assemble;
mod changelog;
pub mod codes;
mod config;
mod gathered;
mod manifests;
mod nearest;
mod pattern;
mod propose;
mod resolve;
mod schema;
mod source;
mod view;

pub use assemble::{Call, Selection, assemble, shared_call};
pub use gathered::gathered;
pub use propose::{Proposal, propose};
pub use resolve::{Resolved, resolve};
pub use schema::schema;
pub use view::{matrix, table};

/// Name of the configuration at the tree's root.
pub const CONFIG_FILE: &str = "package-actions.toml";
