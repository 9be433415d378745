//! Legs: groups of units that need nothing of each other, packed evenly over the jobs.

use std::collections::BTreeMap;

use model::{Leg, Package, Recipe, Unit, UnitId};

use super::{Call, index_of, shared_call};

/// Spreads `units`, which are in the plan's order, over at most `max` legs.
///
/// Heaviest group first, each onto the lightest leg so far: at most 4/3 of the best there is
/// (Graham 1969), and the same every time.
pub(super) fn spread(packages: &[Package], units: &[Unit], max: usize) -> Vec<Leg> {
    let mut groups: Vec<(u32, Vec<usize>)> = groups(packages, units)
        .into_iter()
        .map(|group| {
            let weight = group.iter().filter_map(|at| units.get(*at)).map(weight).sum();
            (weight, group)
        })
        .collect();
    // Stable, so groups of one weight stay in the plan's order.
    groups.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let count = max.min(groups.len());
    let mut bins: Vec<(u32, Vec<usize>)> = vec![(0, Vec::new()); count];
    for (weight, group) in groups {
        if let Some(bin) = bins.iter_mut().min_by_key(|(load, _)| *load) {
            bin.0 += weight;
            bin.1.extend(group);
        }
    }
    bins.into_iter()
        .enumerate()
        .map(|(index, (_, mut members))| {
            members.sort_unstable();
            let id = |at: usize| -> Option<UnitId> { Some(units.get(at)?.id.clone()) };
            Leg { number: index + 1, units: members.into_iter().filter_map(id).collect() }
        })
        .collect()
}

/// Seconds that a unit takes on two cores, roughly: only their proportion matters.
fn weight(unit: &Unit) -> u32 {
    match unit.recipe {
        Recipe::PythonProject => 4,
        Recipe::PythonSdist => 3,
        Recipe::PythonWheel => 30,
        Recipe::PythonMeta | Recipe::ImageIndex | Recipe::Chart => 1,
        Recipe::GoBinary => 13,
        Recipe::RustBinary => 60,
        Recipe::BinaryImage => 2,
        Recipe::DockerfileImage => 90,
    }
}

/// Units joined by needs and by calls of cargo, in the plan's order.
fn groups(packages: &[Package], units: &[Unit]) -> Vec<Vec<usize>> {
    let index = index_of(units);
    let by_name: BTreeMap<&str, &Package> =
        packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let mut calls: BTreeMap<Call<'_>, usize> = BTreeMap::new();
    let mut roots: Vec<usize> = (0..units.len()).collect();
    for (at, unit) in units.iter().enumerate() {
        for need in unit.needs.iter().filter_map(|need| index.get(need).copied()) {
            join(&mut roots, at, need);
        }
        let package = by_name.get(unit.package.as_str());
        if let Some(call) = package.and_then(|package| shared_call(package, unit)) {
            let first = *calls.entry(call).or_insert(at);
            join(&mut roots, at, first);
        }
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
    for at in 0..units.len() {
        let root = root(&mut roots, at);
        groups.get_mut(root).into_iter().for_each(|group| group.push(at));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn join(roots: &mut [usize], one: usize, other: usize) {
    let (a, b) = (root(roots, one), root(roots, other));
    if let Some(slot) = roots.get_mut(a.max(b)) {
        *slot = a.min(b);
    }
}

/// The group's first unit; halves the way there for the next one who asks.
fn root(roots: &mut [usize], mut at: usize) -> usize {
    loop {
        let up = roots.get(at).copied().unwrap_or(at);
        if up == at {
            return at;
        }
        let next = roots.get(up).copied().unwrap_or(up);
        if let Some(slot) = roots.get_mut(at) {
            *slot = next;
        }
        at = next;
    }
}
