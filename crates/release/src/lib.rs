//! A release put together from its formats, value in, value out.
//!
//! The only crate that lists the formats. It decides nothing about files, processes or the network:
//! the pipeline and the steps of `api` call the same functions and so agree.

mod build;
pub mod codes;
mod conformance;
mod declared;
mod documents;
mod formats;
mod inspect;
mod merge;
mod plans;
mod record;
mod sboms;
mod wheel_names;

use model::{Diagnostic, Digest, Plan, Release, Tree};

pub use build::{
    Crates, complete, crates_question, is_missing_need, jobs, need_is_missing, pruned_crates,
    read_crates, update_lock, workspace_question,
};
pub use components::Licenses;
pub use config::{CONFIG_FILE, Overlay, Table, Value, ignored_submodules, output_folder};
pub use conformance::{check_record, is_whole};
pub use declared::declared_codes;
pub use documents::render as documents;
pub use format::{Origin, Recognised, suggest};
pub use formats::{
    BINARY, BUILDS, DISCOVERS, FORMATS, Formats, HELM, INSPECTS, NAMES, OCI, PLANS, PYPI,
};
pub use inspect::{Inspector, display_name, distribution_lint, index_lint, recognise};
pub use merge::merge;
pub use plan::{Proposal, Selection, Surroundings, TagEvent, Tagged, pattern_of, table};
pub use plans::{Planned, plan, plan_overlay};
pub use record::{Record, generator, put_in_order};
pub use sboms::{Described, sbom};
pub use verify::{Dist, Entry};
pub use wheel_names::{WheelFacts, WheelParts, wheel_facts, wheel_file_name};

/// Proposes a configuration for `tree`, which `around` is around.
#[must_use]
pub fn discover(tree: &dyn Tree, around: &Surroundings, formats: Formats) -> Proposal {
    plan::discover(tree, around, formats.discovers, formats.plans)
}

/// The JSON schema of the configuration.
#[must_use]
pub fn schema() -> String {
    config::schema(&plan::keys(PLANS))
}

/// The matrix of a GitHub workflow.
#[must_use]
pub fn matrix(plan: &Plan) -> serde_json::Value {
    plan::matrix(plan, PLANS)
}

/// Whether `release` is the one that the pushed tag names: no other tag may publish it.
///
/// # Errors
/// `tag-other`.
pub fn tag_fits(release: &Release, pushed: &str) -> Result<(), Diagnostic> {
    if release.tag == pushed {
        return Ok(());
    }
    let message = format!("the tag is `{pushed}`, but the release's is `{}`", release.tag);
    let help = "push the release's tag, or set the version that the tag says in the tree";
    Err(Diagnostic::new(&codes::TAG_OTHER, message).help(help))
}

/// A list of digests that `sha256sum -c` reads.
#[must_use]
pub fn checksums(entries: &[(String, Digest)]) -> String {
    evidence::checksums::render(entries)
}
