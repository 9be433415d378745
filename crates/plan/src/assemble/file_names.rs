//! File names that two units would leave. Downloads are in one folder, so base names count, and
//! they count without case: some file systems ignore it.

use std::collections::BTreeMap;

use format::{Origin, overlap};
use model::{Diagnostic, Diagnostics, Unit};

use crate::codes;

/// Finds every pair of packages or formats that would leave files of one name; `origins` says
/// where each package's name comes from.
pub(super) fn check(
    units: &[Unit],
    origins: &BTreeMap<String, Origin>,
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
                problems.extend(collision(other, unit, &name, origins));
            } else {
                exact.insert(name, unit);
            }
        }
    }
    for (head, of_head) in &patterns {
        // Names that fit the same text share the part before the first `*`.
        let names = exact.range(head.clone()..).take_while(|(name, _)| name.starts_with(head));
        let longer = patterns.range(head.clone()..).take_while(|(h, _)| h.starts_with(head));
        let others: Vec<(&str, &Unit)> = names
            .map(|(name, unit)| (name.as_str(), *unit))
            .chain(longer.flat_map(|(_, list)| list).map(|(name, unit)| (name.as_str(), *unit)))
            .collect();
        for (name, unit) in of_head {
            for (other, other_unit) in &others {
                if !share_files(unit, other_unit) && overlap(name, other) {
                    problems.extend(collision(other_unit, unit, other, origins));
                }
            }
        }
    }
}

/// An image's units share its layout; the wheels of a project differ by tags that only the build
/// knows.
fn share_files(a: &Unit, b: &Unit) -> bool {
    a.package == b.package && a.format == b.format
}

fn collision(
    a: &Unit,
    b: &Unit,
    name: &str,
    origins: &BTreeMap<String, Origin>,
) -> Option<Diagnostic> {
    if share_files(a, b) {
        return None;
    }
    let (first, second) = if a.id <= b.id { (a, b) } else { (b, a) };
    let problem = Diagnostic::new(
        &codes::PLAN_FILE_NAME,
        format!("`{}` and `{}` would both leave a file `{name}`", first.id, second.id),
    )
    .help("give one of them another `name`");
    // The one that comes later in the file is the one to change.
    let named = [&first.package, &second.package].into_iter().filter_map(|it| origins.get(it));
    Some(match named.max() {
        Some(origin) => origin.clone().mark(problem),
        None => problem,
    })
}
