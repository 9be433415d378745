//! Units to plan: chosen, put in order, checked against each other, spread over legs.
//!
//! Which units a package has, the formats know; they come from the caller.

mod calls;
mod file_names;
mod graph;
mod legs;
mod order;
mod select;

use std::collections::{BTreeMap, BTreeSet};

use model::limits::{MAX_LEGS, MAX_RELEASE_ASSETS};
use model::{Diagnostic, Diagnostics, Format, Package, Plan, Platform, PythonKind, Unit};

use crate::codes;
use crate::resolve::Resolved;

pub use calls::{Call, shared_call};

/// Which part of a release is meant. An empty list means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of packages; `*` stands for any characters.
    pub packages: Vec<String>,
    /// Formats.
    pub formats: Vec<Format>,
    /// Platforms. Units that serve all platforms stay; an image's index covers those chosen.
    pub platforms: Vec<Platform>,
    /// Jobs to spread the build over, at most, instead of what the configuration says.
    pub max_legs: Option<usize>,
}

/// The plan for the chosen ones of `units`, and for the units they need.
///
/// # Errors
/// When the selection names what is not there or chooses nothing, when two units claim one file
/// name, when units need each other in a circle, or when the release would not fit on GitHub.
pub fn assemble(
    resolved: Resolved,
    units: Vec<Unit>,
    selection: &Selection,
) -> Result<Plan, Diagnostics> {
    let mut problems = Diagnostics::new();
    let max_legs = selection.max_legs.unwrap_or(resolved.max_legs);
    if !(1..=MAX_LEGS).contains(&max_legs) {
        problems.push(
            Diagnostic::new(&codes::PLAN_MAX_LEGS, format!("{max_legs} legs are not possible"))
                .help(format!("choose between 1 and {MAX_LEGS}")),
        );
    }
    let graph = select::select(&resolved, units, selection, &mut problems);
    let graph = order::ordered(graph, &mut problems);
    file_names::check(&graph.units, &resolved.origins, &mut problems);
    check_assets(&graph.units, &mut problems);
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let packages = packages(resolved.packages, &graph.units);
    Ok(Plan {
        schema: Plan::SCHEMA.to_owned(),
        release: resolved.release,
        legs: legs::spread(&packages, &graph, max_legs),
        packages,
        units: graph.units,
    })
}

/// Files of a release beside its artifacts when it is too large for more: `checksums.txt`,
/// `release.json` and the provenance, their signatures, the key, and room for a second statement.
const RELEASE_FILES: usize = 9;

fn check_assets(units: &[Unit], problems: &mut Diagnostics) {
    // Large releases leave Python archives to the index, and images live in a registry.
    let downloads =
        units.iter().filter(|unit| matches!(unit.format, Format::Helm | Format::Binary));
    let count: usize = downloads.map(|unit| unit.files.len()).sum();
    if count + RELEASE_FILES > MAX_RELEASE_ASSETS {
        let message = format!(
            "{count} downloads and {RELEASE_FILES} files of evidence are more than the \
             {MAX_RELEASE_ASSETS} assets that a GitHub release holds"
        );
        problems.push(
            Diagnostic::new(&codes::PLAN_TOO_MANY_ASSETS, message)
                .help("release fewer packages at once: choose some with `--package`"),
        );
    }
}

/// The packages that have a unit, their platforms narrowed to those that are built.
fn packages(mut packages: Vec<Package>, units: &[Unit]) -> Vec<Package> {
    let mut built: BTreeMap<(&str, Format), BTreeSet<Platform>> = BTreeMap::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for unit in units {
        named.insert(&unit.package);
        let platforms = built.entry((&unit.package, unit.format)).or_default();
        platforms.extend(unit.platform);
    }
    packages.retain(|package| named.contains(package.name.as_str()));
    for package in &mut packages {
        let name = package.name.as_str();
        let narrow = |format: Format, platforms: &mut Vec<Platform>| {
            let there = built.get(&(name, format)).filter(|there| !there.is_empty());
            if let Some(there) = there {
                platforms.retain(|platform| there.contains(platform));
            }
        };
        if let Some(PythonKind::Pyo3 { platforms, .. }) =
            package.python.as_mut().map(|python| &mut python.kind)
        {
            narrow(Format::Pypi, platforms);
        }
        if let Some(image) = &mut package.image {
            narrow(Format::Oci, &mut image.platforms);
        }
        if let Some(binary) = &mut package.binary {
            narrow(Format::Binary, &mut binary.platforms);
        }
    }
    packages
}

#[cfg(test)]
mod tests;
