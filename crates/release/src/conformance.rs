//! Whether a record says nothing but what its plan allows.
//!
//! A record comes from the job that built, which ran the project's code. What it measured is
//! checked against the bytes; what the plan knows already is not for it to say.

use std::collections::{BTreeMap, BTreeSet};

use format::Builds;
use model::{Artifact, Diagnostic, FileEntry, Location, Plan, Platform, Unit, UnitId, UnitStatus};

use crate::codes;
use crate::{Formats, Record};

/// Everything in which `record` differs from its plan, or its plan from one that `formats` make:
/// artifacts of units that were not built, more or fewer than a unit leaves, files where none of
/// the unit can be, and any other package, platform, version or reference than planned.
#[must_use]
pub fn check_record(record: &Record, formats: Formats) -> Vec<Diagnostic> {
    let built = record.units.iter().filter(|unit| unit.status == UnitStatus::Built);
    let built: BTreeSet<&UnitId> = built.map(|unit| &unit.id).collect();
    let mut left: BTreeMap<&UnitId, Vec<&Artifact>> = BTreeMap::new();
    for artifact in &record.artifacts {
        left.entry(&artifact.unit).or_default().push(artifact);
    }
    let mut found = foreign_specs(&record.plan);
    for unit in record.plan.units.iter().filter(|unit| built.contains(&unit.id)) {
        let own = left.remove(&unit.id).unwrap_or_default();
        match <dyn Builds>::of(formats.builds, unit.format) {
            Ok(format) => {
                let differs =
                    |artifact: &&Artifact| differences(&record.plan, format, unit, artifact);
                found.extend(own.iter().flat_map(differs));
                found.extend(count(format, unit, &own));
            }
            Err(problem) => found.push(problem),
        }
    }
    for unit in left.keys() {
        let message = format!("lists an artifact of `{unit}`");
        found.push(Diagnostic::new(&codes::RECORD_UNIT, message).help("it built no such unit"));
    }
    found
}

/// What the plan says of packages and no plan would say.
fn foreign_specs(plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for package in &plan.packages {
        for key in package.specs.keys() {
            // What a format made or read is typed; what is left says more, or is of no format here.
            if !package.specs.is_typed(key) {
                let message = format!("says of `{}` in `{key}` what no plan says", package.name);
                found.push(Diagnostic::new(&codes::RECORD_DIFFERS, message).help(FORGED));
            }
        }
    }
    found
}

/// Whether `record` tells of every unit of its plan: what it is silent about would be missed by
/// nobody.
#[must_use]
pub fn is_whole(record: &Record) -> bool {
    record.units.iter().map(|unit| &unit.id).eq(record.plan.units.iter().map(|unit| &unit.id))
}

/// What differs between an artifact and its unit.
fn differences(
    plan: &Plan,
    format: &dyn Builds,
    unit: &Unit,
    artifact: &Artifact,
) -> Vec<Diagnostic> {
    let differs = |what: &str, found: &str, expected: &str| {
        (found != expected).then(|| {
            let message =
                format!("says the {what} of `{}` is `{found}`, expected `{expected}`", unit.id);
            Diagnostic::new(&codes::RECORD_DIFFERS, message).help(FORGED)
        })
    };
    let platform = |platform: Option<Platform>| platform.map_or("", Platform::as_str);
    let reference = plan.package(&unit.package).map_or("", |package| format.reference(package));
    let mut found = vec![
        differs("package", &artifact.package, &unit.package),
        differs("format", artifact.format.as_str(), unit.format.as_str()),
        differs("platform", platform(artifact.platform), platform(unit.platform)),
        differs("version", &artifact.version, &unit.version),
        differs("reference", &artifact.reference, reference),
    ];
    if !format.kinds(unit).contains(&artifact.kind) {
        let message = format!("says that `{}` left something of another kind", unit.id);
        found.push(Some(Diagnostic::new(&codes::RECORD_DIFFERS, message).help(FORGED)));
    }
    let strays = strays(format, unit, artifact).into_iter().map(|file| {
        Diagnostic::new(&codes::RECORD_PATH, "is where no file of its unit can be")
            .at(Location::file(&file.path))
            .help(FORGED)
    });
    found.into_iter().flatten().chain(strays).collect()
}

const FORGED: &str = "the record was not written by `package-actions` for this plan";

/// The artifact's files that the unit cannot have put where they are.
fn strays<'a>(format: &dyn Builds, unit: &Unit, artifact: &'a Artifact) -> Vec<&'a FileEntry> {
    let stray =
        |file: &FileEntry, allowed: bool| !allowed || model::path_problem(&file.path).is_some();
    let further = artifact.files.iter();
    let further = further.filter(|file| stray(file, format.may_add(unit, artifact, file)));
    let own = Some(&artifact.file).filter(|file| stray(file, format.may_leave(unit, file)));
    own.into_iter().chain(further).collect()
}

/// A unit that left something else than all that it was to leave.
fn count(format: &dyn Builds, unit: &Unit, own: &[&Artifact]) -> Option<Diagnostic> {
    if format.is_all(unit, own) {
        return None;
    }
    let message = format!("does not list what `{}` leaves: {}", unit.id, unit.files.join(", "));
    Some(Diagnostic::new(&codes::RECORD_UNIT, message).help("build it again"))
}

#[cfg(test)]
mod tests;
