//! Go main packages: folders with a `package main` and a `func main` outside of tests.

use manifests::{Manifests, go, parent};

use format::is_shipped;

/// Folders of main packages that lie in a module, sorted.
pub(super) fn main_packages(manifests: &Manifests<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for file in manifests.files() {
        let folder = parent(file);
        let source = file.ends_with(".go") && !file.ends_with("_test.go") && is_shipped(file);
        if !source || found.last().is_some_and(|last| last == folder) {
            continue;
        }
        let text = manifests.text(file).ok().flatten();
        let is_main = text.is_some_and(|source| go::is_main(&source.text));
        if is_main && matches!(manifests.go_module(folder), Ok(Some(_))) {
            found.push(folder.to_owned());
        }
    }
    found.sort();
    found.dedup();
    found
}
