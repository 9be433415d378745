//! Whether a record says nothing but what its plan allows.
//!
//! A record comes from the job that built, which ran the project's code. What it measured is
//! checked against the bytes; what the plan knows already is not for it to say.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Artifact, ArtifactKind, Diagnostic, FileEntry, Format, Location, Plan, Platform, Recipe, Unit,
    UnitId, UnitStatus,
};
use plan::fits;

use crate::Record;
use crate::codes;

/// Everything in which `record` differs from its plan: artifacts of units that were not built, more
/// or fewer than a unit leaves, files where none of the unit can be, and any other package,
/// platform, version or reference than planned.
#[must_use]
pub fn check_record(record: &Record) -> Vec<Diagnostic> {
    let built = record.units.iter().filter(|unit| unit.status == UnitStatus::Built);
    let built: BTreeSet<&UnitId> = built.map(|unit| &unit.id).collect();
    let mut left: BTreeMap<&UnitId, Vec<&Artifact>> = BTreeMap::new();
    for artifact in &record.artifacts {
        left.entry(&artifact.unit).or_default().push(artifact);
    }
    let mut found = Vec::new();
    for unit in record.plan.units.iter().filter(|unit| built.contains(&unit.id)) {
        let own = left.remove(&unit.id).unwrap_or_default();
        found.extend(own.iter().flat_map(|artifact| differences(&record.plan, unit, artifact)));
        found.extend(count(unit, &own));
    }
    for unit in left.keys() {
        let message = format!("lists an artifact of `{unit}`");
        found.push(Diagnostic::new(&codes::RECORD_UNIT, message).help("it built no such unit"));
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
fn differences(plan: &Plan, unit: &Unit, artifact: &Artifact) -> Vec<Diagnostic> {
    let differs = |what: &str, found: &str, expected: &str| {
        (found != expected).then(|| {
            let message =
                format!("says the {what} of `{}` is `{found}`, expected `{expected}`", unit.id);
            Diagnostic::new(&codes::RECORD_DIFFERS, message).help(FORGED)
        })
    };
    let platform = |platform: Option<Platform>| platform.map_or("", Platform::as_str);
    let mut found = vec![
        differs("package", &artifact.package, &unit.package),
        differs("format", artifact.format.as_str(), unit.format.as_str()),
        differs("platform", platform(artifact.platform), platform(unit.platform)),
        differs("version", &artifact.version, &unit.version),
        differs("reference", &artifact.reference, reference(plan, unit)),
    ];
    if !kinds(unit.recipe).contains(&artifact.kind) {
        let message = format!("says that `{}` left something of another kind", unit.id);
        found.push(Some(Diagnostic::new(&codes::RECORD_DIFFERS, message).help(FORGED)));
    }
    let strays = strays(unit, artifact).into_iter().map(|file| {
        Diagnostic::new(&codes::RECORD_PATH, "is where no file of its unit can be")
            .at(Location::file(&file.path))
            .help(FORGED)
    });
    found.into_iter().flatten().chain(strays).collect()
}

const FORGED: &str = "the record was not written by `package-actions` for this plan";

/// Where people will find what `unit` leaves.
fn reference<'p>(plan: &'p Plan, unit: &Unit) -> &'p str {
    let package = plan.package(&unit.package);
    let reference = package.and_then(|package| match unit.format {
        Format::Oci => package.image.as_ref().map(|image| image.reference.as_str()),
        Format::Helm => package.chart.as_ref().map(|chart| chart.reference.as_str()),
        Format::Pypi | Format::Binary => None,
    });
    reference.unwrap_or_default()
}

fn kinds(recipe: Recipe) -> &'static [ArtifactKind] {
    match recipe {
        Recipe::PythonProject | Recipe::PythonMeta => &[ArtifactKind::Wheel, ArtifactKind::Sdist],
        Recipe::PythonSdist => &[ArtifactKind::Sdist],
        Recipe::PythonWheel => &[ArtifactKind::Wheel],
        Recipe::GoBinary | Recipe::RustBinary => &[ArtifactKind::Binary],
        Recipe::BinaryImage | Recipe::DockerfileImage => &[ArtifactKind::Image],
        Recipe::ImageIndex => &[ArtifactKind::ImageIndex],
        Recipe::Chart => &[ArtifactKind::Chart],
    }
}

/// The artifact's files that the unit cannot have put where they are.
fn strays<'a>(unit: &Unit, artifact: &'a Artifact) -> Vec<&'a FileEntry> {
    let own = |file: &FileEntry| match unit.format {
        Format::Oci => is_blob(unit, file),
        Format::Pypi | Format::Helm | Format::Binary => {
            unit.files.iter().any(|pattern| is_planned(pattern, &file.path))
        }
    };
    let stem = artifact.file.path.strip_suffix(".tgz").unwrap_or_default();
    let further = |file: &FileEntry| match (unit.format, unit.recipe) {
        (Format::Oci, Recipe::ImageIndex) => is_blob(unit, file) || is_about_layout(unit, file),
        (Format::Oci, _) => is_blob(unit, file),
        (Format::Helm, _) => file.path == format!("{stem}.manifest.json"),
        (Format::Pypi | Format::Binary, _) => false,
    };
    let stray =
        |file: &FileEntry, allowed: bool| !allowed || model::path_problem(&file.path).is_some();
    let own = Some(&artifact.file).filter(|file| stray(file, own(file)));
    own.into_iter().chain(artifact.files.iter().filter(|file| stray(file, further(file)))).collect()
}

/// Whether it is a blob of the unit's layout.
fn is_blob(unit: &Unit, file: &FileEntry) -> bool {
    let name = format!("/blobs/sha256/{}", file.digest.hex());
    unit.files.iter().any(|folder| file.path.strip_prefix(folder) == Some(&name))
}

/// Whether it is one of the two files of a layout that are no blobs.
fn is_about_layout(unit: &Unit, file: &FileEntry) -> bool {
    let about = ["/index.json", "/oci-layout"];
    unit.files
        .iter()
        .any(|folder| file.path.strip_prefix(folder).is_some_and(|rest| about.contains(&rest)))
}

/// A star stands for a part of a file's name, never for a folder.
fn is_planned(pattern: &str, path: &str) -> bool {
    fits(pattern, path) && pattern.matches('/').count() == path.matches('/').count()
}

/// A unit that left something else than one artifact for each file that it was to leave.
fn count(unit: &Unit, own: &[&Artifact]) -> Option<Diagnostic> {
    let fitting = |pattern: &String| {
        own.iter().filter(|artifact| is_planned(pattern, &artifact.file.path)).count()
    };
    let each = || unit.files.iter().all(|pattern| fitting(pattern) == 1);
    // The file of an image is a folder.
    if own.len() == unit.files.len() && (unit.format == Format::Oci || each()) {
        return None;
    }
    let message = format!("does not list what `{}` leaves: {}", unit.id, unit.files.join(", "));
    Some(Diagnostic::new(&codes::RECORD_UNIT, message).help("build it again"))
}

#[cfg(test)]
mod tests;
