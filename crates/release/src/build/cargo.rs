//! What cargo says about the crates of a job: whether its lock is in step, and their licences.

use std::convert::Infallible;

use components::{CrateVersion, Licenses};
use manifests::cargo::{CargoMetadata, MetadataPackage};
use manifests::python::PyProject;
use manifests::{Source, join_relative};
use model::{Diagnostic, Found, Invocation, Plan, Recipe, Tree, Unit};

use super::BuildContext;
use super::commands::{below, tool};
use crate::codes;

/// What `cargo metadata` said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crates {
    /// The folder where `Cargo.lock` lies.
    pub workspace: String,
    /// What each crate's author wrote as its licence.
    pub licenses: Licenses,
}

/// The folder of the tree with the `Cargo.toml` of the crate that `unit` is built from; nothing
/// for units without Rust. A maturin project names it, or it lies beside `pyproject.toml`, or in
/// `rust/` (maturin's own order).
#[must_use]
pub fn crate_folder(plan: &Plan, unit: &Unit, tree: &dyn Tree) -> Option<String> {
    match unit.recipe {
        Recipe::RustBinary => Some(super::cargo_project(plan, unit).to_owned()),
        Recipe::PythonSdist | Recipe::PythonWheel => {
            let project = super::project(plan, unit);
            let text = |path: &str| match tree.find(&below(project, path)) {
                Found::Text(text) => Some(text),
                _ => None,
            };
            let pyproject =
                Source::new("pyproject.toml", text("pyproject.toml").unwrap_or_default());
            let pyproject = PyProject::parse(&pyproject).unwrap_or_default();
            let manifest = crate_manifest(&pyproject, |path| text(path).is_some());
            join_relative(project, manifests::parent(manifest))
        }
        _ => None,
    }
}

/// The path of the crate's `Cargo.toml` in a maturin project, whose files `has` knows.
pub(crate) fn crate_manifest(project: &PyProject, has: impl Fn(&str) -> bool) -> &str {
    let Ok(manifest) = project.crate_manifest(|path| Ok::<_, Infallible>(has(path)));
    manifest
}

/// cargo's question about the crates of `unit`, answered by [`read_crates`]; nothing for units
/// without Rust. cargo refuses when `Cargo.lock` would have to change.
#[must_use]
pub fn crates_question(unit: &Unit, context: &BuildContext) -> Option<Invocation> {
    if context.crate_folder.is_empty() {
        return None;
    }
    // An sdist serves every platform; its licences are those of the commonest one's crates.
    let platform = unit.platform.unwrap_or(model::Platform::LinuxAmd64);
    let target = match unit.recipe {
        Recipe::RustBinary => platform.rust_target(),
        _ => pypi::rust_target(platform),
    };
    let args = ["metadata", "--format-version=1", "--quiet", "--locked", "--filter-platform"];
    let invocation = Invocation::new(tool(context, "cargo"), args.into_iter().chain([target]));
    Some(at_crate(invocation, context))
}

/// Where the workspace lies that the crate belongs to: cargo prints the path of its `Cargo.toml`.
#[must_use]
pub fn workspace_question(context: &BuildContext) -> Invocation {
    let args = ["locate-project", "--workspace", "--message-format=plain", "--quiet"];
    at_crate(Invocation::new(tool(context, "cargo"), args), context)
}

/// cargo's line that brings `Cargo.lock` in step without moving a version.
#[must_use]
pub fn update_lock(context: &BuildContext) -> Invocation {
    let paths = pypi::PythonPaths {
        offline: context.offline,
        env: context.env.get("cargo").cloned().unwrap_or_default(),
        ..pypi::PythonPaths::default()
    };
    pypi::settle_lock(&tool(context, "cargo"), &context.crate_folder, &paths)
}

/// What a settled lock lost, compared with the tree's.
///
/// # Errors
/// `lock-changed` when it gained or changed anything; `lock-syntax` when one is no lock file.
pub fn pruned_crates(before: &str, after: &str) -> Result<Vec<String>, Diagnostic> {
    pypi::lock_is_subset(before, after)
}

/// Reads cargo's answer to [`crates_question`].
///
/// # Errors
/// `cargo-metadata` when it cannot be read.
pub fn read_crates(json: &[u8]) -> Result<Crates, Diagnostic> {
    let metadata = CargoMetadata::parse(json)
        .map_err(|error| Diagnostic::new(&codes::CARGO_METADATA, error.to_string()))?;
    let license = |package: MetadataPackage| {
        Some((CrateVersion { name: package.name, version: package.version }, package.license?))
    };
    Ok(Crates {
        workspace: metadata.workspace_root,
        licenses: metadata.packages.into_iter().filter_map(license).collect(),
    })
}

fn at_crate(invocation: Invocation, context: &BuildContext) -> Invocation {
    let env = context.env.get("cargo").cloned().unwrap_or_default();
    Invocation { env, ..invocation.dir(context.crate_folder.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_read_by_name_and_version() {
        let json = br#"{"packages":[{"name":"a","version":"1.0.0","license":"MIT","x":1},
            {"name":"b","version":"2.0.0","license":null}],"workspace_root":"/w"}"#;
        let licenses = Licenses::from([("a 1.0.0".parse().unwrap(), "MIT".to_owned())]);
        let expected = Crates { workspace: "/w".to_owned(), licenses };
        assert_eq!(read_crates(json).unwrap(), expected);
        for bad in [&b""[..], b"{}", b"[", b"{\"packages\":[{}],\"workspace_root\":\"/w\"}"] {
            assert_eq!(read_crates(bad).unwrap_err().code.to_string(), "cargo-metadata");
        }
    }
}
