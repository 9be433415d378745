//! Go main packages: folders with a `package main` and a `func main` outside of tests.

use std::collections::BTreeSet;

use format::{Discovery, is_shipped, unique};
use manifests::{Manifests, parent};
use model::{Platform, path_problem};

/// Folders of main packages, each with that of its module, sorted.
pub(super) fn main_packages(discovery: &Discovery<'_, '_>) -> Vec<(String, String)> {
    let manifests = discovery.manifests;
    let is_source = |file: &&String| {
        file.ends_with(".go") && is_shipped(file) && path_problem(parent(file)).is_none()
    };
    let folders: BTreeSet<&str> =
        manifests.files().iter().filter(is_source).map(|file| parent(file)).collect();
    let main = |folder: &str| {
        let sources = manifests.go_sources(folder);
        // Files that are there for `go run` or `go generate` alone belong to no package.
        sources.iter().find(|source| source.is_main && !source.is_ignored())?;
        Some((folder.to_owned(), manifests.go_module(folder).ok().flatten()?))
    };
    folders.into_iter().filter_map(main).collect()
}

/// The platforms that a main package can be built for, and the folders whose build constraints
/// exclude the others.
pub(super) fn platforms(
    manifests: &Manifests<'_>,
    folder: &str,
    module: &str,
) -> (Vec<Platform>, Vec<String>) {
    let excluded = manifests.go_excluded(module, folder, &Platform::ALL, &[]);
    let is_left = |platform: &Platform| excluded.iter().all(|(out, _)| out != platform);
    let platforms = Platform::ALL.into_iter().filter(is_left).collect();
    (platforms, unique(excluded.into_iter().map(|(_, folder)| folder).collect()))
}
