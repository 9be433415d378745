//! Units and what each needs, looked up once: names are compared only here.

use std::collections::BTreeMap;

use crate::codes;
use model::{Diagnostic, Diagnostics, Unit, UnitId};

/// Units, and beside each the positions of those that it needs and that are there.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) units: Vec<Unit>,
    pub(super) needs: Vec<Vec<usize>>,
}

impl Graph {
    /// The graph of `units`; a name that appears twice is reported.
    pub(super) fn new(units: Vec<Unit>, problems: &mut Diagnostics) -> Self {
        let mut index: BTreeMap<&UnitId, usize> = BTreeMap::new();
        for (at, unit) in units.iter().enumerate() {
            if index.insert(&unit.id, at).is_some() {
                problems.push(twice(&unit.id));
            }
        }
        let positions =
            |unit: &Unit| unit.needs.iter().filter_map(|need| index.get(need).copied()).collect();
        let needs = units.iter().map(positions).collect();
        Self { units, needs }
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
        let mut old: Vec<Option<(Unit, Vec<usize>)>> =
            self.units.into_iter().zip(self.needs).map(Some).collect();
        let mut graph = Self::default();
        for (unit, mut needs) in order.iter().filter_map(|at| old.get_mut(*at)?.take()) {
            for need in &mut needs {
                *need = positions.get(*need).copied().unwrap_or_default();
            }
            graph.units.push(unit);
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
