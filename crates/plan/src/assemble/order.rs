//! The plan's order: each unit after all that it needs, else as they came.

use std::collections::BTreeSet;

use model::{Diagnostic, Diagnostics, collect_by_insertion};

use super::graph::Graph;
use crate::codes;

/// The units in order; as they came when they need each other in a circle, which is reported.
pub(super) fn ordered(graph: Graph, problems: &mut Diagnostics) -> Graph {
    let (order, left) = sort(&graph.needs);
    if let Some(start) = left.first() {
        problems.push(cycle(&graph, *start, &left));
        return graph;
    }
    graph.in_order(&order)
}

/// Kahn's order, of those that are ready always the first; and what is left over by circles.
fn sort(needs: &[Vec<usize>]) -> (Vec<usize>, BTreeSet<usize>) {
    let mut waiting: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for (at, needs) in needs.iter().enumerate() {
        for need in needs {
            users.get_mut(*need).into_iter().for_each(|users| users.push(at));
        }
    }
    let mut ready: BTreeSet<usize> =
        collect_by_insertion((0..needs.len()).filter(|at| waiting.get(*at) == Some(&0)));
    let mut order = Vec::with_capacity(needs.len());
    while let Some(at) = ready.pop_first() {
        order.push(at);
        for user in users.get(at).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(*user);
                }
            }
        }
    }
    let left = waiting.iter().enumerate().filter(|(_, count)| **count > 0);
    (order, left.map(|(at, _)| at).collect())
}

/// Follows needs among those left over until one comes up again: that is a circle.
fn cycle(graph: &Graph, start: usize, left: &BTreeSet<usize>) -> Diagnostic {
    let mut path = vec![start];
    let mut at = start;
    let circle = loop {
        let next = graph.needs_of(at).iter().copied().find(|need| left.contains(need));
        let Some(next) = next else { break path.as_slice() };
        if let Some(first) = path.iter().position(|known| *known == next) {
            path.push(next);
            break path.get(first..).unwrap_or_default();
        }
        path.push(next);
        at = next;
    };
    let names: Vec<String> = circle
        .iter()
        .filter_map(|at| graph.units.get(*at))
        .map(|unit| format!("`{}`", unit.id))
        .collect();
    Diagnostic::new(&codes::PLAN_CYCLE, format!("units need each other: {}", names.join(" needs ")))
        .help("remove one of these needs: nothing can be built before itself")
}
