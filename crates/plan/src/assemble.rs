//! Units to plan: chosen, put in order, checked against each other, spread over legs.
//!
//! Which units a package has, the formats know; they come from the caller.

mod file_names;
mod graph;
mod legs;
mod order;
mod select;

use std::collections::{BTreeMap, BTreeSet};

use format::{Facts, Plans, ResolvedPackage};
use model::limits::{MAX_LEGS, MAX_RELEASE_ASSETS};
use model::{Diagnostic, Diagnostics, Format, Package, Plan, Platform, Unit, collect_by_insertion};

use crate::codes;
use crate::resolve::{Resolved, in_order};
use crate::tagged::Tagged;
use graph::Graph;

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
    /// What is known of the version that `git-tag` stands for.
    pub tagged: Tagged,
}

/// The units of `resolved` in `formats`, each with what is known of it besides.
///
/// # Errors
/// When a package cannot be released in one of its formats as it is.
pub fn units(
    resolved: &Resolved,
    formats: &[&dyn Plans],
) -> Result<Vec<(Unit, Facts)>, Diagnostics> {
    let formats = in_order(formats);
    let mut problems = Diagnostics::new();
    let (mut units, mut taken) = (Vec::new(), Vec::new());
    for package in &resolved.packages {
        for format in &formats {
            match format.units(package) {
                Ok(own) => {
                    for unit in own {
                        let names = format.takes(&package.package, &unit);
                        taken.extend((!names.is_empty()).then_some((units.len(), names)));
                        let facts = format.facts(&package.package, &unit);
                        units.push((unit, facts));
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    link(&mut units, &taken);
    Ok(units)
}

/// Adds to the units at the positions of `taken` the needs for what the packages named there offer.
fn link(units: &mut [(Unit, Facts)], taken: &[(usize, &[String])]) {
    let wanted: BTreeSet<&str> =
        collect_by_insertion(taken.iter().flat_map(|(_, names)| *names).map(String::as_str));
    let mut offered: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    for (unit, facts) in units.iter() {
        if facts.offers.is_some() && wanted.contains(unit.package.as_str()) {
            offered.entry(&unit.package).or_default().push(unit);
        }
    }
    let needs = |(at, names): &(usize, &[String])| {
        let platform = units.get(*at).and_then(|(unit, _)| unit.platform);
        let others = names.iter().filter_map(|name| offered.get(name.as_str())).flatten();
        let fits = |other: &&&Unit| other.platform.is_none() || other.platform == platform;
        (*at, others.filter(fits).map(|other| other.id.clone()).collect::<Vec<_>>())
    };
    let found: Vec<_> = taken.iter().map(needs).collect();
    for (at, needs) in found {
        units.get_mut(at).into_iter().for_each(|(unit, _)| unit.needs.extend(needs.clone()));
    }
}

/// The plan for the chosen ones of `units`, and for the units they need.
///
/// # Errors
/// When the selection names what is not there or chooses nothing, when two units claim one file
/// name, when units need each other in a circle, or when the release would not fit on GitHub.
pub fn assemble(
    resolved: Resolved,
    units: Vec<(Unit, Facts)>,
    selection: &Selection,
    formats: &[&dyn Plans],
) -> Result<Plan, Diagnostics> {
    let mut problems = Diagnostics::new();
    let max_legs = selection.max_legs.unwrap_or(resolved.max_legs);
    if !(1..=MAX_LEGS).contains(&max_legs) {
        problems.push(
            Diagnostic::new(&codes::PLAN_MAX_LEGS, format!("{max_legs} legs are not possible"))
                .help(format!("choose between 1 and {MAX_LEGS}")),
        );
    }
    let graph = select::select(&resolved, units, selection, formats, &mut problems);
    let graph = order::ordered(graph, &mut problems);
    file_names::check(&graph.units, &resolved.origins, &mut problems);
    check_assets(&graph, &mut problems);
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let packages = packages(resolved.packages, &graph.units, formats);
    Ok(Plan {
        schema: Plan::SCHEMA.to_owned(),
        release: resolved.release,
        legs: legs::spread(&graph, max_legs),
        packages,
        units: graph.units,
    })
}

/// Files of a release beside its artifacts when it is too large for more: `checksums.txt`,
/// `release.json` and the provenance, their signatures, the key, and room for a second statement.
const RELEASE_FILES: usize = 9;

fn check_assets(graph: &Graph, problems: &mut Diagnostics) {
    // Large releases leave Python archives to the index, and images live in a registry.
    let downloads = graph.units.iter().zip(&graph.facts).filter(|(_, facts)| facts.downloads);
    let count: usize = downloads.map(|(unit, _)| unit.files.len()).sum();
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
fn packages(
    packages: Vec<ResolvedPackage>,
    units: &[Unit],
    formats: &[&dyn Plans],
) -> Vec<Package> {
    let mut built: BTreeMap<(&str, Format), BTreeSet<Platform>> = BTreeMap::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for unit in units {
        named.insert(&unit.package);
        let platforms = built.entry((&unit.package, unit.format)).or_default();
        platforms.extend(unit.platform);
    }
    let mut packages: Vec<Package> = packages.into_iter().map(|one| one.package).collect();
    packages.retain(|package| named.contains(package.name.as_str()));
    for package in &mut packages {
        for format in formats {
            let there = built.get(&(package.name.as_str(), format.format())).cloned();
            if let Some(there) = there.filter(|there| !there.is_empty()) {
                format.narrow(package, &there);
            }
        }
    }
    packages
}

#[cfg(test)]
mod tests;
