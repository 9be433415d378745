//! What cargo says about the crates of a job: whether its lock is in step, and their licences.

use components::{CrateVersion, Licenses};
use format::{BuildContext, CargoJob};
use manifests::cargo::{CargoMetadata, MetadataPackage};
use model::{Diagnostic, Invocation};

use super::lock;
use crate::codes;

/// What `cargo metadata` said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crates {
    /// The folder where `Cargo.lock` lies.
    pub workspace: String,
    /// What each crate's author wrote as its licence.
    pub licenses: Licenses,
}

/// cargo's question about the crates of `job`, answered by [`read_crates`]. cargo refuses when
/// `Cargo.lock` would have to change.
#[must_use]
pub fn crates_question(job: &CargoJob, context: &BuildContext) -> Invocation {
    let args = ["metadata", "--format-version=1", "--quiet", "--locked", "--filter-platform"];
    let mut args: Vec<&str> = args.into_iter().chain([job.target]).collect();
    let features = job.features.join(",");
    if !features.is_empty() {
        args.extend(["--features", &features]);
    }
    if job.no_default_features {
        args.push("--no-default-features");
    }
    at_crate(Invocation::new(context.tool("cargo"), args), context)
}

/// Where the workspace lies that the crate belongs to: cargo prints the path of its `Cargo.toml`.
#[must_use]
pub fn workspace_question(context: &BuildContext) -> Invocation {
    let args = ["locate-project", "--workspace", "--message-format=plain", "--quiet"];
    at_crate(Invocation::new(context.tool("cargo"), args), context)
}

/// cargo's line that brings `Cargo.lock` in step without moving a version.
#[must_use]
pub fn update_lock(context: &BuildContext) -> Invocation {
    let mut args = vec!["metadata", "--format-version", "1", "--quiet"];
    if context.offline {
        args.push("--offline");
    }
    at_crate(Invocation::new(context.tool("cargo"), args), context)
}

/// What an updated lock lost, compared with the tree's.
///
/// # Errors
/// `lock-changed` when it gained or changed anything; `lock-syntax` when one is not a lock file.
pub fn pruned_crates(before: &str, after: &str) -> Result<Vec<String>, Diagnostic> {
    lock::removed(before, after)
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
    Invocation { env: context.variables("cargo"), ..invocation.dir(context.crate_folder.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_updated_by_cargo_alone() {
        let variables = [("A".to_owned(), "tool".to_owned())].into();
        let context = BuildContext {
            crate_folder: "/s/w".to_owned(),
            env: [("cargo".to_owned(), variables)].into(),
            ..BuildContext::default()
        };
        let line = update_lock(&context).shell_line();
        assert_eq!(line, "(cd /s/w && env A=tool cargo metadata --format-version 1 --quiet)");
    }

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
