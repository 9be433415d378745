//! The plan: from the configuration and the tree's manifests to all that a release builds.
//!
//! `resolve` fills in what the tree can tell, `assemble` selects units, orders them and spreads
//! them over legs, `discover` proposes a first configuration, `view` renders a plan.
//!
//! Pure: the tree is asked through [`model::Tree`], the units come from tables of formats, and
//! nothing here knows a clock, a process, a network or an archive. Same texts, selection and tag
//! give the same plan, byte for byte.

mod assemble;
pub mod codes;
mod discover;
mod resolve;
mod tagged;
#[cfg(test)]
mod tests;
mod view;

pub use assemble::{Selection, assemble, units};
pub use discover::{Proposal, Surroundings, discover};
pub use resolve::{Resolved, keys, resolve, resolve_overlay};
pub use tagged::{TagEvent, Tagged, pattern_of};
pub use view::{matrix, table};
