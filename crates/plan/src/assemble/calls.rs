//! Which units one call of cargo builds together.
//!
//! cargo unites the features of what it builds in one call, so units that share a call must be
//! built together wherever they are built: else their bytes would depend on the legs.

use std::collections::BTreeMap;

use model::{BinarySource, Package, Recipe, Unit};

/// A call of cargo: its workspace, the variables added to its environment, and its target.
pub type Call<'p> = (&'p str, &'p BTreeMap<String, String>, &'static str);

/// The call that builds `unit` of `package`; nothing where cargo is not called for executables.
#[must_use]
pub fn shared_call<'p>(package: &'p Package, unit: &Unit) -> Option<Call<'p>> {
    if unit.recipe != Recipe::RustBinary {
        return None;
    }
    let binary = package.binary.as_ref()?;
    match &binary.source {
        BinarySource::Rust { workspace, .. } => {
            Some((workspace, &binary.env, unit.platform?.rust_target()))
        }
        BinarySource::Go { .. } => None,
    }
}
