//! What a record may say of what its plan knows already.

use model::{Digest, MemoryTree, ReleaseFacts, UnitRecord};

use super::*;
use crate::{BUILDS, FORMATS};
use crate::{CONFIG_FILE, Selection};

const CONFIG: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"localhost/o\"\n\
                      [[package]]\nname = \"a\"\npython = { path = \"p\" }\n\
                      binary = { go = \".\" }\nimage = { from = \"binary\" }\n";

const AMD: &str = "a/binary/linux-amd64";

fn plan() -> Plan {
    let project = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
    let files = [("p/pyproject.toml", project), ("go.mod", ""), (CONFIG_FILE, CONFIG)];
    crate::plan(&MemoryTree::new(files), &Selection::default(), crate::PLANS).unwrap().plan
}

/// What a build leaves of each file that the plan names, its bytes being its name.
fn artifacts(unit: &Unit) -> Vec<Artifact> {
    let file = |pattern: &String| match unit.format {
        oci::FORMAT => format!("{pattern}/blobs/sha256/{}", Digest::of(pattern.as_bytes()).hex()),
        _ => pattern.replace('*', "py3"),
    };
    let artifact = |pattern: &String| Artifact {
        unit: unit.id.clone(),
        package: unit.package.clone(),
        format: unit.format,
        kind: match unit.recipe {
            pypi::recipes::PROJECT if pattern.ends_with(".tar.gz") => pypi::SDIST,
            _ => <dyn Builds>::of(BUILDS, unit.format).unwrap().kinds(unit)[0],
        },
        platform: unit.platform,
        version: unit.version.clone(),
        reference: if unit.format == oci::FORMAT { "localhost/o/a" } else { "" }.to_owned(),
        file: FileEntry { path: file(pattern), size: 1, digest: Digest::of(pattern.as_bytes()) },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    unit.files.iter().map(artifact).collect()
}

fn record() -> Record {
    let plan = plan();
    let built = |unit: &Unit| UnitRecord {
        id: unit.id.clone(),
        status: UnitStatus::Built,
        reason: String::new(),
    };
    Record {
        schema: Record::SCHEMA.to_owned(),
        source: ReleaseFacts { epoch: 1, ..ReleaseFacts::default() },
        units: plan.units.iter().map(built).collect(),
        warnings: Vec::new(),
        artifacts: plan.units.iter().flat_map(artifacts).collect(),
        tools: Vec::new(),
        locks: BTreeMap::new(),
        licenses: BTreeMap::new(),
        plan,
    }
}

/// The codes of what is found once `change` was made to the first artifact of `unit`.
fn check(unit: &str, change: impl FnOnce(&mut Artifact), expected: &[&str]) {
    let mut record = record();
    let artifact = record.artifacts.iter_mut().find(|artifact| artifact.unit.0 == unit);
    change(artifact.unwrap());
    let codes: Vec<String> = check_record(&record, FORMATS)
        .into_iter()
        .map(|problem| problem.code.to_string())
        .collect();
    assert_eq!(codes, expected);
}

#[test]
fn what_was_built_as_planned_is_check_record() {
    check(AMD, |_| {}, &[]);
}

#[test]
fn what_the_plan_knows_is_not_for_the_record_to_say() {
    let differs = &["record-differs"];
    check(AMD, |artifact| artifact.package = "../b".to_owned(), differs);
    check(AMD, |artifact| artifact.version = "6.6.6".to_owned(), differs);
    check(AMD, |artifact| artifact.platform = Some(Platform::LinuxArm64), differs);
    check(AMD, |artifact| artifact.format = pypi::FORMAT, differs);
    check(AMD, |artifact| artifact.kind = oci::IMAGE, differs);
    check(AMD, |artifact| artifact.reference = "ghcr.io/theirs/a".to_owned(), differs);
    check("a/oci", |artifact| artifact.reference = "ghcr.io/theirs/a".to_owned(), differs);
    check("a/oci/linux-amd64", |artifact| artifact.reference.clear(), differs);
    check("a/pypi", |artifact| artifact.version = "1.0.1".to_owned(), differs);
}

#[test]
fn an_artifact_belongs_to_a_unit_that_was_built() {
    let other = |artifact: &mut Artifact| artifact.unit = UnitId("b/pypi".to_owned());
    check(AMD, other, &["record-unit", "record-unit"]);
    let mut record = record();
    record.units.retain(|unit| unit.id.0 != AMD);
    assert_eq!(check_record(&record, FORMATS).len(), 1);
    assert!(!is_whole(&record));
}

#[test]
fn a_unit_leaves_each_of_its_files_once() {
    for (path, keeps) in [("pypi/a-1.0.0.tar.gz", 1), ("pypi/a-1.0.0-py3-none-any.whl", 1)] {
        let mut record = record();
        record.artifacts.retain(|artifact| artifact.file.path != path);
        assert_eq!(check_record(&record, FORMATS).len(), keeps, "{path}");
    }
    let mut twice = record();
    let more: Vec<Artifact> =
        twice.artifacts.iter().filter(|it| it.unit.0 == AMD).cloned().collect();
    twice.artifacts.extend(more);
    assert_eq!(check_record(&twice, FORMATS).len(), 1);
}

#[test]
fn no_file_lies_where_its_unit_cannot_put_it() {
    let moved = |unit: &str, path: &str| {
        let expected: &[&str] = match unit {
            "a/oci" => &["record-path"],
            _ => &["record-path", "record-unit"],
        };
        check(unit, |artifact| artifact.file.path = path.to_owned(), expected);
    };
    for path in ["release.json", "binary/../x", "binary/b-linux-amd64", "binary/a-linux-arm64"] {
        moved(AMD, path);
    }
    moved("a/pypi", "pypi/a-1.0.0-py3/x-none-any.whl");
    moved("a/oci", "oci/a/blobs/sha256/0");
    moved("a/oci", "oci/a/index.json");
    let further = |unit: &str, path: &str, expected: &[&str]| {
        let file = FileEntry { path: path.to_owned(), size: 1, digest: Digest::of(b"further") };
        check(unit, |artifact| artifact.files.push(file), expected);
    };
    let stray: &[&str] = &["record-path"];
    let blob = format!("oci/a/blobs/sha256/{}", Digest::of(b"further").hex());
    further("a/oci", &blob, &[]);
    further("a/oci", "oci/a/index.json", &[]);
    further("a/oci/linux-amd64", "oci/a/index.json", stray);
    further("a/oci", &blob.replace("oci/a/", "oci/b/"), stray);
    further(AMD, "binary/more", stray);
}

#[test]
fn a_plan_says_of_a_package_what_its_formats_would_say() {
    let good = serde_json::to_string(&record()).unwrap();
    let check = |from: &str, to: &str, expected: &[&str]| {
        let changed = good.replacen(from, to, 1);
        assert!(changed != good || from == to, "{from}");
        let record = Record::read(changed.as_bytes(), BUILDS).unwrap();
        let problems = check_record(&record, FORMATS);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name).collect();
        assert_eq!(codes, expected, "{to}");
    };
    check("\"binary\":{", "\"binary\":{", &[]);
    check("\"binary\":{", "\"binary\":{\"more\":1,", &["record-differs"]);
    check("\"binary\":{", "\"later\":{},\"binary\":{", &["record-differs"]);
}
