//! The selection: what it names, and what its units need besides.

use std::collections::BTreeSet;

use format::{Facts, Plans, fits, suggest};
use model::{Diagnostic, Diagnostics, Platform, Unit, UnitId, collect_by_insertion};

use super::Selection;
use super::graph::Graph;
use crate::codes;
use crate::resolve::Resolved;

/// The chosen units and all that they need, in the order given.
pub(super) fn select(
    resolved: &Resolved,
    mut units: Vec<(Unit, Facts)>,
    selection: &Selection,
    formats: &[&dyn Plans],
    problems: &mut Diagnostics,
) -> Graph {
    check_packages(resolved, selection, problems);
    check_formats(formats, selection, problems);
    let platforms: BTreeSet<Platform> = collect_by_insertion(selection.platforms.iter().copied());
    if !platforms.is_empty() {
        narrow_indexes(&mut units, &platforms);
    }
    let chosen = |(unit, facts): &(Unit, Facts)| {
        let package = selection.packages.is_empty()
            || selection.packages.iter().any(|pattern| fits(pattern, &unit.package));
        let format = selection.formats.is_empty() || selection.formats.contains(&unit.format);
        let on = |platform: Platform| platforms.is_empty() || platforms.contains(&platform);
        let joins_nothing = facts.joins && unit.needs.is_empty();
        package && format && unit.platform.is_none_or(on) && !joins_nothing
    };
    let mut keep: Vec<bool> = units.iter().map(chosen).collect();
    if !keep.contains(&true) {
        if problems.is_empty() {
            problems.push(nothing(resolved, units.is_empty()));
        }
        return Graph::default();
    }
    let graph = Graph::new(units, problems);
    bring_needs(&graph, &mut keep, problems);
    graph.only(&keep)
}

fn check_packages(resolved: &Resolved, selection: &Selection, problems: &mut Diagnostics) {
    let names = resolved.packages.iter().map(|package| package.package.name.as_str());
    for pattern in &selection.packages {
        if !names.clone().any(|name| fits(pattern, name)) {
            problems.push(
                Diagnostic::new(
                    &codes::SELECT_UNKNOWN_PACKAGE,
                    format!("no package is called `{pattern}`"),
                )
                .help(suggest(pattern, names.clone())),
            );
        }
    }
}

fn check_formats(formats: &[&dyn Plans], selection: &Selection, problems: &mut Diagnostics) {
    let names: Vec<String> = formats.iter().map(|format| format.format().to_string()).collect();
    for format in &selection.formats {
        if !names.iter().any(|name| name == format.as_str()) {
            let message = format!("`{format}` is not the name of a format");
            let problem = Diagnostic::new(&codes::SELECT_UNKNOWN_FORMAT, message);
            problems.push(problem.help(suggest(format.as_str(), names.iter().map(String::as_str))));
        }
    }
}

/// What joins units then covers the chosen platforms only.
fn narrow_indexes(units: &mut [(Unit, Facts)], platforms: &BTreeSet<Platform>) {
    let left_out = |(unit, _): &&(Unit, Facts)| {
        unit.platform.is_some_and(|platform| !platforms.contains(&platform))
    };
    let other: BTreeSet<UnitId> =
        collect_by_insertion(units.iter().filter(left_out).map(|(unit, _)| unit.id.clone()));
    for (unit, _) in units.iter_mut().filter(|(_, facts)| facts.joins) {
        unit.needs.retain(|need| !other.contains(need));
    }
}

fn nothing(resolved: &Resolved, no_units: bool) -> Diagnostic {
    let problem = Diagnostic::new(&codes::SELECT_NOTHING, "there is nothing to build");
    if resolved.packages.is_empty() || no_units {
        problem.help("add a `[[package]]` with at least one format")
    } else {
        problem.help("no unit fits all of `--package`, `--format` and `--platform`: choose less")
    }
}

fn bring_needs(graph: &Graph, keep: &mut [bool], problems: &mut Diagnostics) {
    let mut open: Vec<usize> =
        keep.iter().enumerate().filter(|(_, keep)| **keep).map(|(index, _)| index).collect();
    while let Some(at) = open.pop() {
        let needs = graph.needs_of(at);
        for need in needs {
            if let Some(keep) = keep.get_mut(*need).filter(|keep| !**keep) {
                *keep = true;
                open.push(*need);
            }
        }
        let Some(unit) = graph.units.get(at).filter(|unit| unit.needs.len() > needs.len()) else {
            continue;
        };
        let is_there = |id: &UnitId| graph.units.iter().any(|unit| unit.id == *id);
        for need in unit.needs.iter().filter(|need| !is_there(need)) {
            let message = format!("`{}` needs `{need}`, which nothing builds", unit.id);
            problems.push(
                Diagnostic::new(&codes::PLAN_UNKNOWN_NEED, message)
                    .help("add the package or the platform that it is made from"),
            );
        }
    }
}
