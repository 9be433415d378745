//! `Cargo.lock`: which crates one crate needs, and the checksum of each.

use std::collections::BTreeMap;

use model::limits::MAX_TEXT_BYTES;
use model::{Diagnostic, Digest};
use serde::Deserialize;

use super::{CODE, wrong};
use crate::limits::{MAX_COMPONENTS, at_most};
use crate::{Component, Contents, Link, Supplier, purl, supplier};

/// What `Cargo.lock` says that the crate `root` needs, on whatever platform and for its tests as
/// well. Nothing else of the lock: a workspace's lock holds more than any of its crates.
///
/// # Errors
/// `sbom-rust` when it cannot be read or does not hold `root`.
pub fn cargo_lock(text: &str, root: &str) -> Result<Contents, Diagnostic> {
    let lock = Lock::parse(text)?;
    let first = lock
        .package
        .iter()
        .position(|package| package.name == root && package.source.is_empty())
        .ok_or_else(|| wrong(format!("`Cargo.lock` does not hold `{root}`")))?;
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, package) in lock.package.iter().enumerate() {
        by_name.entry(&package.name).or_default().push(index);
    }
    let mut contents = Contents::default();
    let mut seen = vec![false; lock.package.len()];
    let mut waiting = vec![first];
    while let Some(index) = waiting.pop() {
        let Some(package) = lock.package.get(index) else { continue };
        if seen.get(index).copied().unwrap_or(true) {
            continue;
        }
        if let Some(slot) = seen.get_mut(index) {
            *slot = true;
        }
        let own = purl::cargo(&package.name, &package.version);
        let from = (index != first).then_some(own.as_str());
        for needed in package.dependencies.iter().filter_map(|text| find(&lock, &by_name, text)) {
            if let Some(other) = lock.package.get(needed) {
                contents.join(from, Link::DependsOn, &purl::cargo(&other.name, &other.version));
            }
            waiting.push(needed);
        }
        if index != first {
            contents.add(own, package.component());
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
    for package in Lock::parse(cargo_lock)?.package {
        let purl = purl::cargo(&package.name, &package.version);
        if let Some(component) = contents.components.get_mut(&purl) {
            component.digest = component.digest.or_else(|| package.digest());
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<LockPackage>,
}

#[derive(Deserialize)]
struct LockPackage {
    name: String,
    version: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    checksum: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    fn parse(text: &str) -> Result<Self, Diagnostic> {
        if text.len() as u64 > MAX_TEXT_BYTES {
            return Err(wrong("`Cargo.lock` is too long"));
        }
        let lock: Self = toml::from_str(text)
            .map_err(|error| wrong(format!("`Cargo.lock` cannot be read: {}", error.message())))?;
        at_most(MAX_COMPONENTS, lock.package.len(), CODE, "crates")?;
        Ok(lock)
    }
}

impl LockPackage {
    fn component(&self) -> Component {
        let supplier = match self.source.as_str() {
            "" => Supplier::Publisher,
            git if git.starts_with("git+") => Supplier::of_address(git),
            _ => Supplier::named(supplier::CRATES),
        };
        Component {
            name: self.name.clone(),
            version: self.version.clone(),
            supplier,
            digest: self.digest(),
            ..Component::default()
        }
    }

    fn digest(&self) -> Option<Digest> {
        Digest::from_hex(&self.checksum).ok()
    }
}

/// The package that `name`, `name version` or `name version (source)` means.
fn find(lock: &Lock, by_name: &BTreeMap<&str, Vec<usize>>, text: &str) -> Option<usize> {
    let mut words = text.split_whitespace();
    let candidates = by_name.get(words.next()?)?;
    let (version, source) = (words.next(), words.next());
    candidates.iter().copied().find(|index| {
        lock.package.get(*index).is_some_and(|package| {
            version.is_none_or(|version| version == package.version)
                && source.is_none_or(|source| source == format!("({})", package.source))
        })
    })
}
