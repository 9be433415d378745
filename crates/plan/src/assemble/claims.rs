//! File names that two units claim. Downloads lie flat beside each other, so base names count, and
//! they count without case: some file systems know no difference.

use std::collections::BTreeMap;

use model::{Diagnostic, Diagnostics, Location, Unit};

use crate::codes;
use crate::pattern::overlap;

/// Finds every pair of packages or formats that would leave files of one name; `places` says where
/// each package stands.
pub(super) fn check(
    units: &[Unit],
    places: &BTreeMap<String, Location>,
    problems: &mut Diagnostics,
) {
    let mut exact: BTreeMap<String, &Unit> = BTreeMap::new();
    let mut patterns: BTreeMap<String, Vec<(String, &Unit)>> = BTreeMap::new();
    for unit in units {
        for file in &unit.files {
            let name = file.rsplit('/').next().unwrap_or(file).to_lowercase();
            if let Some((head, _)) = name.split_once('*') {
                patterns.entry(head.to_owned()).or_default().push((name, unit));
            } else if let Some(other) = exact.get(&name) {
                problems.extend(claimed_twice(other, unit, &name, places));
            } else {
                exact.insert(name, unit);
            }
        }
    }
    for (head, of_head) in &patterns {
        // Whoever claims the same name shares the part before the first `*`.
        let names = exact.range(head.clone()..).take_while(|(name, _)| name.starts_with(head));
        let longer = patterns.range(head.clone()..).take_while(|(h, _)| h.starts_with(head));
        let others: Vec<(&str, &Unit)> = names
            .map(|(name, unit)| (name.as_str(), *unit))
            .chain(longer.flat_map(|(_, list)| list).map(|(name, unit)| (name.as_str(), *unit)))
            .collect();
        for (name, unit) in of_head {
            for (other, other_unit) in &others {
                if !same_place(unit, other_unit) && overlap(name, other) {
                    problems.extend(claimed_twice(other_unit, unit, other, places));
                }
            }
        }
    }
}

/// An image's units share its layout; the wheels of a project differ by tags that only the build
/// knows.
fn same_place(a: &Unit, b: &Unit) -> bool {
    a.package == b.package && a.format == b.format
}

fn claimed_twice(
    a: &Unit,
    b: &Unit,
    name: &str,
    places: &BTreeMap<String, Location>,
) -> Option<Diagnostic> {
    if same_place(a, b) {
        return None;
    }
    let (first, second) = if a.id <= b.id { (a, b) } else { (b, a) };
    let problem = Diagnostic::new(
        &codes::PLAN_FILE_NAME,
        format!("`{}` and `{}` would both leave a file `{name}`", first.id, second.id),
    )
    .help("give one of them another `name`");
    // The one that comes later in the file is the one to change.
    let placed = [&first.package, &second.package].into_iter().filter_map(|it| places.get(it));
    Some(match placed.max() {
        Some(place) => problem.at(place.clone()),
        None => problem,
    })
}
