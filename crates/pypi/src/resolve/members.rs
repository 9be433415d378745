//! Meta packages: their members, once every package's name and version is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::{PythonKind, PythonSpec};
use format::{Context, PackageTable, ResolvedPackage, fits};
use manifests::At;
use model::collect_by_insertion;

use crate::codes;
use crate::keys::KEY;

/// Fills in the members of each meta package.
pub(crate) fn fill(
    context: &mut Context<'_, '_>,
    written: &[PackageTable],
    packages: &mut [ResolvedPackage],
) {
    let mut edges: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, package) in written.iter().enumerate() {
        let Some(meta) = pattern(package) else { continue };
        let matched: Vec<usize> = written
            .iter()
            .enumerate()
            .filter(|(other, candidate)| {
                *other != index
                    && candidate.formats.contains_key(KEY.name)
                    && fits(&meta.value, &candidate.name.value)
            })
            .map(|(other, _)| other)
            .collect();
        if matched.is_empty() {
            context.error(
                meta.offset,
                &codes::META_EMPTY,
                format!("`{}` is the name of no other package with `python`", meta.value),
                "`*` stands for any characters: `my-plugin-*`",
            );
        }
        let found = matched.iter().filter_map(|index| spec(packages.get(*index)?));
        let members =
            found.filter_map(|python| Some((python.name.clone(), python.version.pep440().ok()?)));
        let members: BTreeSet<(String, String)> = collect_by_insertion(members);
        let requires = common_requirement(&matched, packages);
        if let Some(package) = packages.get_mut(index) {
            package.package.specs.edit(|spec: &mut PythonSpec| {
                if spec.requires_python.is_empty() {
                    spec.requires_python = requires;
                }
                spec.kind = PythonKind::Meta { members: members.into_iter().collect() };
            });
        }
        edges.insert(index, matched);
    }
    report_cycles(context, written, &edges);
}

/// The pattern that a meta package's members fit.
fn pattern(package: &PackageTable) -> Option<At<String>> {
    package.formats.get(KEY.name)?.text("meta")
}

fn spec(package: &ResolvedPackage) -> Option<&PythonSpec> {
    package.package.spec::<PythonSpec>()
}

/// `Requires-Python` when all members say the same.
fn common_requirement(members: &[usize], packages: &[ResolvedPackage]) -> String {
    let mut said = members
        .iter()
        .filter_map(|index| spec(packages.get(*index)?))
        .map(|python| python.requires_python.as_str());
    let first = said.next().unwrap_or_default();
    if said.all(|other| other == first) { first.to_owned() } else { String::new() }
}

/// Tells once of each meta package that requires itself through others.
fn report_cycles(
    context: &mut Context<'_, '_>,
    written: &[PackageTable],
    edges: &BTreeMap<usize, Vec<usize>>,
) {
    // A meta package without a way back loses its last edge sooner or later; the rest are cycles.
    let mut open = edges.clone();
    open.values_mut().for_each(|to| to.retain(|to| edges.contains_key(to)));
    loop {
        let done: Vec<usize> =
            open.iter().filter(|(_, to)| to.is_empty()).map(|(index, _)| *index).collect();
        if done.is_empty() {
            break;
        }
        for index in &done {
            open.remove(index);
        }
        for to in open.values_mut() {
            to.retain(|to| done.binary_search(to).is_err());
        }
    }
    for (index, to) in &open {
        let name = |index: &usize| written.get(*index).map_or("", |p| &p.name.value);
        let meta = written.get(*index).and_then(pattern);
        let (Some(meta), Some(next)) = (meta, to.first()) else { continue };
        context.error(
            meta.offset,
            &codes::META_CYCLE,
            format!("`{}` requires `{}`, which requires it in turn", name(index), name(next)),
            "make the pattern narrower, so that it fits no meta package above it",
        );
    }
}
