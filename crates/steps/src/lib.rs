//! The small steps of a release, value in, value out.
//!
//! The only room that lists the formats. It decides nothing about files, processes or the network:
//! the CLI's pipeline and the WASM boundary call the same functions and so agree.

mod bill;
pub mod codes;
mod contents;
mod documents;
mod faithful;
mod guard;
mod merge;
mod plans;
mod record;
pub mod small;
mod work;

use model::Digest;

pub use bill::{Described, sbom};
pub use contents::{Formats, distribution_lint, index_lint, served_chart};
pub use documents::render as documents;
pub use evidence::SignatureCheck;
pub use faithful::{faithful, is_whole};
pub use guard::{Allowed, Event, guard};
pub use merge::merge;
pub use plan::codes::VERSION_DIFFERS;
pub use plan::{CONFIG_FILE, Proposal, Selection, matrix, propose, schema, table};
pub use plans::{Planned, plan};
pub use record::{Record, generator, put_in_order};
pub use verify::{Dist, Entry};
pub use work::{
    Crates, ENGINE, Ingredients, Needs, Product, RELEASE, Site, cargo_project, checks, commands,
    complete, crate_folder, crates_question, finish, is_library, jobs, need_is_missing, needs,
    outputs, own_env, project, pruned_crates, read_crates, release_files, secrets, settle_lock,
    workspace_question,
};

/// A list of digests that `sha256sum -c` reads.
#[must_use]
pub fn checksums(entries: &[(String, Digest)]) -> String {
    evidence::checksums::render(entries)
}
