//! What `Cargo.lock` says: which crates one crate needs, and the checksum of each.

use std::collections::BTreeMap;

use manifests::cargo::{CargoLock, LockedDependency, LockedPackage};
use model::{Diagnostic, Digest};

use super::{CODE, wrong};
use crate::limits::{MAX_COMPONENTS, at_most};
use crate::{Component, Contents, Link, Supplier, purl, supplier};

/// What `Cargo.lock` says that the crate `root` needs, on whatever platform and for its tests as
/// well. Nothing else of the lock: a workspace's lock holds more than any of its crates.
///
/// # Errors
/// `sbom-rust` when it cannot be read or does not hold `root`.
pub fn cargo_lock(text: &str, root: &str) -> Result<Contents, Diagnostic> {
    let lock = read(text)?;
    let first = lock
        .packages
        .iter()
        .position(|package| package.name == root && package.source.is_empty())
        .ok_or_else(|| wrong(format!("`Cargo.lock` does not hold `{root}`")))?;
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, package) in lock.packages.iter().enumerate() {
        by_name.entry(&package.name).or_default().push(index);
    }
    let mut contents = Contents::default();
    let mut seen = vec![false; lock.packages.len()];
    let mut waiting = vec![first];
    while let Some(index) = waiting.pop() {
        let Some(package) = lock.packages.get(index) else { continue };
        if seen.get(index).copied().unwrap_or(true) {
            continue;
        }
        if let Some(slot) = seen.get_mut(index) {
            *slot = true;
        }
        let own = purl::cargo(&package.name, &package.version);
        let from = (index != first).then_some(own.as_str());
        for needed in package.dependencies.iter().filter_map(|text| find(&lock, &by_name, text)) {
            if let Some(other) = lock.packages.get(needed) {
                contents.join(from, Link::DependsOn, &purl::cargo(&other.name, &other.version));
            }
            waiting.push(needed);
        }
        if index != first {
            contents.add(own, component(package));
        }
    }
    contents.notes.insert(
        "crates are those of Cargo.lock: on one platform fewer of them are built".to_owned(),
    );
    Ok(contents)
}

/// Adds the checksums of `Cargo.lock` to crates that are there already, and adds no crate.
///
/// # Errors
/// `sbom-rust` when the lock cannot be read.
pub fn add_checksums(contents: &mut Contents, cargo_lock: &str) -> Result<(), Diagnostic> {
    for package in read(cargo_lock)?.packages {
        let purl = purl::cargo(&package.name, &package.version);
        if let Some(component) = contents.components.get_mut(&purl) {
            component.digest = component.digest.or_else(|| digest(&package));
        }
    }
    Ok(())
}

fn read(text: &str) -> Result<CargoLock, Diagnostic> {
    let lock = CargoLock::parse(text).map_err(|error| wrong(error.to_string()))?;
    at_most(MAX_COMPONENTS, lock.packages.len(), CODE, "crates")?;
    Ok(lock)
}

fn component(package: &LockedPackage) -> Component {
    let supplier = match package.source.as_str() {
        "" => Supplier::Publisher,
        git if git.starts_with("git+") => Supplier::of_address(git),
        _ => Supplier::named(supplier::CRATES),
    };
    Component {
        name: package.name.clone(),
        version: package.version.clone(),
        supplier,
        digest: digest(package),
        ..Component::default()
    }
}

fn digest(package: &LockedPackage) -> Option<Digest> {
    Digest::from_hex(&package.checksum).ok()
}

/// The position of the package that a line of `dependencies` means.
fn find(lock: &CargoLock, by_name: &BTreeMap<&str, Vec<usize>>, text: &str) -> Option<usize> {
    let dependency = LockedDependency::parse(text)?;
    let candidates = by_name.get(dependency.name)?;
    let means = |index: &usize| lock.packages.get(*index).is_some_and(|it| dependency.means(it));
    candidates.iter().copied().find(means)
}
