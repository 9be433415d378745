//! `package-actions.toml`: its keys, its JSON schema, and a reader that keeps where each value
//! comes from: the file, or the inputs of an action.
//!
//! Checks shapes only, and fills in no defaults. What the values mean in the tree is the plan's to
//! say.

mod check;
pub mod codes;
mod keys;
mod overlay;
mod read;
mod schema;
mod tables;

pub use overlay::{Overlay, Table, Value};
pub use read::{ignored_submodules, output_folder, read};
pub use schema::schema;
pub use tables::ReleaseTable;

use format::{Origins, PackageTable};

/// Name of the configuration at the tree's root.
pub const CONFIG_FILE: &str = "package-actions.toml";

/// The whole configuration as it was written.
#[derive(Debug)]
pub struct Config {
    /// Where its values come from.
    pub origins: Origins,
    /// `[release]`; empty when it is missing.
    pub release: ReleaseTable,
    /// Each `[[package]]` that has a name, in the file's order.
    pub packages: Vec<PackageTable>,
}

#[cfg(test)]
mod tests {
    //! What the tests of this crate share.

    use format::{Key, Plans};

    /// The keys of the product's formats.
    pub(crate) fn keys() -> Vec<&'static Key> {
        let formats: [&dyn Plans; 4] = [&pypi::Pypi, &oci::Oci, &binary::Binary, &helm::Helm];
        formats.iter().map(|format| format.key()).collect()
    }
}
