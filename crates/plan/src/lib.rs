//! The plan: from the configuration and the tree's manifests to all that a release builds.
//!
//! `resolve` fills in what the tree can tell, `assemble` selects units, orders them and spreads
//! them over legs, `discover` proposes a first configuration, `view` renders a plan.
//!
//! Pure: the tree is asked through [`model::Tree`], the units come from the formats through the
//! caller, and nothing here knows a clock, a process, a network or an archive. Same texts and same
//! selection give the same plan, byte for byte.

mod assemble;
pub mod codes;
mod discover;
mod pattern;
mod resolve;
mod view;

pub use assemble::{Call, Selection, assemble, shared_call};
pub use discover::{Proposal, discover};
pub use pattern::fits;
pub use resolve::{Resolved, resolve, resolve_overlay};
pub use view::{matrix, table};
