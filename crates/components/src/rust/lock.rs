//! What `Cargo.lock` says: which crates one crate needs, and the checksum of each.

use std::collections::BTreeMap;

use manifests::cargo::{CargoLock, LockedDependency, LockedPackage};
use model::{Budget, Diagnostic, Digest};

use super::{CODE, wrong};
use crate::limits::{self, MAX_COMPONENTS, at_most};
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
    let by_name = ByName::of(&lock);
    let budget = Budget::of(text.len() as u64);
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
        limits::component(&budget, &own).map_err(|e| e.problem("Cargo.lock"))?;
        for needed in package.dependencies.iter().filter_map(|text| by_name.find(text)) {
            if let Some(other) = lock.packages.get(needed) {
                let to = purl::cargo(&other.name, &other.version);
                limits::edge(&budget, from, &to).map_err(|e| e.problem("Cargo.lock"))?;
                contents.join(from, Link::DependsOn, &to);
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

/// Positions of packages, by as much as a line of `dependencies` may say of one. The first one of
/// a name, or of a name and a version, counts; each is found without looking at the others, since a
/// lock may hold thousands of one name.
#[derive(Default)]
struct ByName<'t> {
    name: BTreeMap<&'t str, usize>,
    version: BTreeMap<(&'t str, &'t str), usize>,
    source: BTreeMap<(&'t str, &'t str, &'t str), usize>,
}

impl<'t> ByName<'t> {
    fn of(lock: &'t CargoLock) -> Self {
        let mut by = Self::default();
        for (at, LockedPackage { name, version, source, .. }) in lock.packages.iter().enumerate() {
            by.name.entry(name).or_insert(at);
            by.version.entry((name, version)).or_insert(at);
            by.source.entry((name, version, source)).or_insert(at);
        }
        by
    }

    /// The package that a line of `dependencies` means.
    fn find(&self, text: &str) -> Option<usize> {
        let LockedDependency { name, version, source } = LockedDependency::parse(text)?;
        let found = match (version, source) {
            (None, _) => self.name.get(name),
            (Some(version), None) => self.version.get(&(name, version)),
            (Some(version), Some(source)) => self.source.get(&(name, version, source)),
        };
        found.copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lock of `count` crates called `a`, on all of which the first one depends.
    fn of_one_name(count: usize, name: &str) -> String {
        let needs: Vec<String> = (0..count).map(|at| format!("\"{name} {at}.0.0\"")).collect();
        let package = |at| format!("[[package]]\nname = \"{name}\"\nversion = \"{at}.0.0\"\n");
        let others: String = (0..count).map(package).collect();
        format!(
            "[[package]]\nname = \"me\"\nversion = \"1.0.0\"\ndependencies = [{}]\n{others}",
            needs.join(",")
        )
    }

    #[test]
    fn of_many_crates_of_one_name_each_is_found_by_its_version() {
        let contents = cargo_lock(&of_one_name(300, "a"), "me").unwrap();
        assert_eq!((contents.components.len(), contents.edges.len()), (300, 300));
    }

    #[test]
    fn a_dependency_is_the_first_that_fits_what_is_said_of_it() {
        let package = |version: &str, source: &str| LockedPackage {
            name: "a".to_owned(),
            version: version.to_owned(),
            source: source.to_owned(),
            ..LockedPackage::default()
        };
        let packages = vec![package("1", ""), package("2", "x"), package("2", "y")];
        let lock = CargoLock { packages };
        let by_name = ByName::of(&lock);
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(by_name.find(text), expected, "{text}");
        };
        check("a", Some(0));
        check("a 1", Some(0));
        check("a 2", Some(1));
        check("a 2 (y)", Some(2));
        check("a 2 y", Some(2));
        check("a 3", None);
        check("a 2 (z)", None);
        check("b", None);
    }

    #[test]
    fn edges_between_long_names_are_refused() {
        // Every crate needs every other one.
        let needs: Vec<String> = (0..100).map(|at| format!("\"{at}\"")).collect();
        let package = |at: usize| {
            let version = "9".repeat(10_000);
            let name = format!("name = \"{at}\"\nversion = \"{version}\"");
            format!("[[package]]\n{name}\ndependencies = [{}]\n", needs.join(","))
        };
        let all: String = (0..100).map(package).collect();
        let problem = cargo_lock(&all, "0").unwrap_err();
        assert_eq!(problem.code.name, "too-much-work", "{problem}");
    }
}
