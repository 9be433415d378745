//! Units and what each needs, looked up once: names are compared only here.

use std::collections::BTreeMap;

use format::Facts;
use model::{Diagnostic, Diagnostics, Unit, UnitId};

use crate::codes;

/// Units, and beside each what is known of it besides, and the positions of those that it needs and
/// that are there.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) units: Vec<Unit>,
    pub(super) facts: Vec<Facts>,
    pub(super) needs: Vec<Vec<usize>>,
}

/// A unit with its facts, and the positions of what it needs.
type Node = ((Unit, Facts), Vec<usize>);

impl Graph {
    /// The graph of `units`; a name that appears twice is reported.
    pub(super) fn new(units: Vec<(Unit, Facts)>, problems: &mut Diagnostics) -> Self {
        let (units, facts): (Vec<Unit>, Vec<Facts>) = units.into_iter().unzip();
        let mut index: BTreeMap<&UnitId, usize> = BTreeMap::new();
        for (at, unit) in units.iter().enumerate() {
            if index.insert(&unit.id, at).is_some() {
                problems.push(twice(&unit.id));
            }
        }
        let positions =
            |unit: &Unit| unit.needs.iter().filter_map(|need| index.get(need).copied()).collect();
        let needs = units.iter().map(positions).collect();
        Self { units, facts, needs }
    }

    /// Only the units whose positions `keep` says, with all that they need; in the order given.
    pub(super) fn only(self, keep: &[bool]) -> Self {
        let kept = (0..self.units.len()).filter(|at| keep.get(*at) == Some(&true));
        self.in_order(&kept.collect::<Vec<_>>())
    }

    /// The units at the positions of `order`, in that order. What they need is among them.
    pub(super) fn in_order(self, order: &[usize]) -> Self {
        let mut positions = vec![0; self.units.len()];
        for (new, old) in order.iter().enumerate() {
            positions.get_mut(*old).into_iter().for_each(|position| *position = new);
        }
        let mut old: Vec<Option<Node>> =
            self.units.into_iter().zip(self.facts).zip(self.needs).map(Some).collect();
        let mut graph = Self::default();
        for ((unit, facts), mut needs) in order.iter().filter_map(|at| old.get_mut(*at)?.take()) {
            for need in &mut needs {
                *need = positions.get(*need).copied().unwrap_or_default();
            }
            graph.units.push(unit);
            graph.facts.push(facts);
            graph.needs.push(needs);
        }
        graph
    }

    /// What the unit at `position` needs.
    pub(super) fn needs_of(&self, position: usize) -> &[usize] {
        self.needs.get(position).map(Vec::as_slice).unwrap_or_default()
    }
}

fn twice(id: &UnitId) -> Diagnostic {
    Diagnostic::new(&codes::PLAN_DUPLICATE_UNIT, format!("the unit `{id}` is there twice"))
        .help("give each package a name of its own")
}
