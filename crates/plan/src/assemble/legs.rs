//! Legs: groups of units that need nothing of each other, packed evenly over the jobs.

use std::collections::{BTreeMap, BTreeSet};

use format::Facts;
use model::{Leg, Platform, Unit, UnitId, collect_by_insertion};

use super::graph::Graph;

/// Spreads the units of `graph`, which are in the plan's order, over at most `max` legs.
///
/// Native units run programs of their platform: those for arm64 and what they need stand in legs of
/// their own, if there may be two. What joins units of both kinds of leg then stands in none: it is
/// made when the legs are merged.
pub(super) fn spread(graph: &Graph, max: usize) -> Vec<Leg> {
    let units = graph.units.as_slice();
    let work = Work::new(graph);
    let machines = match max {
        1 => Machines { usual: (0..units.len()).collect(), arm: BTreeSet::new() },
        _ => work.machines(),
    };
    let (usual, arm) = (work.groups(&machines.usual), work.groups(&machines.arm));
    let share = share(&usual, &arm, max);
    let mut bins = pack(usual, max - share);
    bins.extend(pack(arm, share));
    bins.into_iter()
        .enumerate()
        .map(|(index, mut members)| {
            members.sort_unstable();
            let id = |at: usize| -> Option<UnitId> { Some(units.get(at)?.id.clone()) };
            Leg { number: index + 1, units: members.into_iter().filter_map(id).collect() }
        })
        .collect()
}

/// Units that stand in one leg, and the seconds they take.
type Group = (u32, Vec<usize>);

/// How many of `max` legs `arm` gets: by its share of the work, at least one, no more than it has
/// groups; the same holds for what is left to `usual`.
fn share(usual: &[Group], arm: &[Group], max: usize) -> usize {
    if usual.is_empty() || arm.is_empty() {
        return if arm.is_empty() { 0 } else { max };
    }
    let seconds = |groups: &[Group]| groups.iter().map(|(weight, _)| *weight as usize).sum();
    let (a, b): (usize, usize) = (seconds(arm), seconds(usual));
    let all = (a + b).max(1);
    let rounded = (max * a + all / 2) / all;
    let wanted = rounded.clamp(1, max - 1).min(arm.len());
    // Legs that the others cannot fill are of use here.
    wanted.max(max.saturating_sub(usual.len()).min(arm.len()))
}

/// Heaviest group first, each onto the lightest leg so far: at most 4/3 of the best there is
/// (Graham 1969), and the same every time.
fn pack(mut groups: Vec<Group>, max: usize) -> Vec<Vec<usize>> {
    // Stable, so groups of one weight stay in the plan's order.
    groups.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut bins: Vec<Group> = vec![(0, Vec::new()); max.min(groups.len())];
    for (weight, group) in groups {
        if let Some(bin) = bins.iter_mut().min_by_key(|(load, _)| *load) {
            bin.0 += weight;
            bin.1.extend(group);
        }
    }
    bins.into_iter().map(|(_, members)| members).collect()
}

/// Units by the machine they are built on; what both need is built on both.
struct Machines {
    usual: BTreeSet<usize>,
    arm: BTreeSet<usize>,
}

/// Units, and what holds them together.
struct Work<'g> {
    graph: &'g Graph,
    /// What is built with each in one call: the call's first unit, or all for that one.
    calls: Vec<Vec<usize>>,
}

impl<'g> Work<'g> {
    fn new(graph: &'g Graph) -> Self {
        let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut calls: Vec<Vec<usize>> = vec![Vec::new(); graph.units.len()];
        for (at, facts) in graph.facts.iter().enumerate() {
            let Some(call) = &facts.call else { continue };
            let first = *firsts.entry(call).or_insert(at);
            for (one, other) in [(at, first), (first, at)] {
                calls.get_mut(one).into_iter().for_each(|calls| calls.push(other));
            }
        }
        Self { graph, calls }
    }

    fn machines(&self) -> Machines {
        let native = |(unit, facts): (&Unit, &Facts)| {
            facts.native && unit.platform == Some(Platform::LinuxArm64)
        };
        let all = || self.graph.units.iter().zip(&self.graph.facts).enumerate();
        let on_arm: BTreeSet<usize> =
            collect_by_insertion(all().filter(|(_, one)| native(*one)).map(|(at, _)| at));
        let mut arm = on_arm.clone();
        let mut merged = BTreeSet::new();
        for (at, _) in all().filter(|(_, (_, facts))| facts.joins) {
            let needs = self.graph.needs_of(at);
            let theirs = needs.iter().filter(|need| on_arm.contains(need)).count();
            if theirs > 0 {
                let alone = theirs == needs.len();
                if alone { &mut arm } else { &mut merged }.insert(at);
            }
        }
        let arm = self.closure(arm);
        let rest =
            (0..self.graph.units.len()).filter(|at| !arm.contains(at) && !merged.contains(at));
        Machines { usual: self.closure(rest.collect()), arm }
    }

    /// `set`, what it needs, and what is built in one call with any of it.
    fn closure(&self, mut set: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = set.iter().copied().collect();
        while let Some(at) = open.pop() {
            let calls = self.calls.get(at).into_iter().flatten();
            let more = self.graph.needs_of(at).iter().chain(calls);
            open.extend(more.copied().filter(|next| set.insert(*next)));
        }
        set
    }

    /// Units of `set` joined by needs and by calls of a compiler, in the plan's order.
    fn groups(&self, set: &BTreeSet<usize>) -> Vec<Group> {
        let mut roots: Vec<usize> = (0..self.graph.units.len()).collect();
        for at in set {
            for other in self.graph.needs_of(*at) {
                join(&mut roots, *at, *other);
            }
            if let Some(first) = self.calls.get(*at).and_then(|call| call.first()) {
                join(&mut roots, *at, *first);
            }
        }
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        for at in set {
            let root = root(&mut roots, *at);
            let group = groups.entry(root).or_default();
            group.0 += self.graph.facts.get(*at).map_or(0, |facts| facts.seconds);
            group.1.push(*at);
        }
        groups.into_values().collect()
    }
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
