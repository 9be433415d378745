//! A release put together from its formats, value in, value out.
//!
//! The only crate that lists the formats. It decides nothing about files, processes or the network:
//! the pipeline and the steps of `api` call the same functions and so agree.

mod build;
pub mod codes;
mod conformance;
mod declared;
mod documents;
mod inspect;
mod locate;
mod merge;
mod plans;
mod recognise;
mod record;
mod sboms;
mod wheel_names;

use model::Digest;

pub use build::{
    BuildContext, Crates, ENGINE, Ingredients, Needs, Product, RELEASE, cargo_project, checks,
    commands, complete, crate_folder, crates_question, finish, is_library, jobs, need_is_missing,
    needs, outputs, own_env, project, pruned_crates, read_crates, release_files, secrets,
    update_lock, workspace_question,
};
pub use components::Licenses;
pub use config::{CONFIG_FILE, Origin, Overlay, Table, Value, schema, suggest};
pub use conformance::{check_record, is_whole};
pub use declared::declared_codes;
pub use documents::render as documents;
pub use inspect::{Formats, distribution_lint, index_lint, served_chart};
pub use merge::merge;
pub use plan::{Proposal, Selection, discover, matrix, table};
pub use plans::{Planned, plan, plan_overlay};
pub use recognise::{Recognised, recognise};
pub use record::{Record, generator, put_in_order};
pub use sboms::{Described, contents_of, sbom};
pub use verify::{Dist, Entry};
pub use wheel_names::{WheelFacts, WheelParts, wheel_facts, wheel_file_name};

/// A list of digests that `sha256sum -c` reads.
#[must_use]
pub fn checksums(entries: &[(String, Digest)]) -> String {
    evidence::checksums::render(entries)
}
