//! What two legs may say, and what they may not.

use model::{Format, Platform, Release, ReleaseFacts, Unit, UnitStatus, Version};

use super::*;
use crate::FORMATS;

const AMD: &str = "a/binary/linux-amd64";
const ARM: &str = "a/binary/linux-arm64";
const CHART: &str = "c/helm";

fn unit(id: &str) -> Unit {
    let mut parts = id.split('/');
    let package = parts.next().unwrap().to_owned();
    let format: Format = parts.next().unwrap().parse().unwrap();
    let platform: Option<Platform> = parts.next().map(|platform| platform.parse().unwrap());
    let recipe = if format == helm::FORMAT { helm::recipes::CHART } else { binary::recipes::RUST };
    let version = "1.0.0".to_owned();
    let file = match id {
        AMD => "binary/z",
        ARM => "binary/a",
        _ => "helm/c.tgz",
    };
    let (id, needs, files) = (UnitId(id.to_owned()), Vec::new(), vec![file.to_owned()]);
    Unit { id, package, format, platform, recipe, version, needs, files }
}

fn ids(ids: &[&str]) -> Vec<UnitId> {
    ids.iter().map(|id| UnitId((*id).to_owned())).collect()
}

fn plan() -> Plan {
    Plan {
        schema: Plan::SCHEMA.to_owned(),
        release: Release {
            version: Version::parse("1.0.0").unwrap(),
            tag: "v1.0.0".to_owned(),
            registry: String::new(),
            charts: String::new(),
            repository: String::new(),
            notes: String::new(),
        },
        packages: Vec::new(),
        units: [AMD, ARM, CHART].map(unit).to_vec(),
        // What is needed by two legs stands in both.
        legs: vec![
            Leg { number: 1, units: ids(&[AMD, CHART]) },
            Leg { number: 2, units: ids(&[AMD, ARM]) },
        ],
    }
}

fn artifact(id: &str, path: &str) -> Artifact {
    let unit = unit(id);
    Artifact {
        unit: unit.id,
        package: unit.package,
        format: unit.format,
        kind: if unit.recipe == helm::recipes::CHART { helm::CHART } else { binary::BINARY },
        platform: unit.platform,
        version: unit.version,
        reference: String::new(),
        file: FileEntry { path: path.to_owned(), size: 1, digest: Digest::of(id.as_bytes()) },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    }
}

fn tool(name: &str) -> ToolUse {
    ToolUse { name: name.to_owned(), version: "1".to_owned(), digest: None }
}

fn record(units: &[&str], artifacts: Vec<Artifact>, tools: &[&str]) -> Record {
    let built = |id: UnitId| UnitRecord { id, status: UnitStatus::Built, reason: String::new() };
    Record {
        schema: Record::SCHEMA.to_owned(),
        plan: plan(),
        source: ReleaseFacts { epoch: 1, ..ReleaseFacts::default() },
        units: ids(units).into_iter().map(built).collect(),
        warnings: Vec::new(),
        artifacts,
        tools: tools.iter().map(|name| tool(name)).collect(),
        locks: BTreeMap::from([("a".to_owned(), "lock".to_owned())]),
        licenses: BTreeMap::new(),
    }
}

fn legs() -> BTreeMap<usize, Record> {
    let amd = || artifact(AMD, "binary/z");
    let one = vec![amd(), artifact(CHART, "helm/c.tgz")];
    let mut two = record(&[AMD, ARM], vec![artifact(ARM, "binary/a"), amd()], &["zig", "cargo"]);
    let licence = BTreeMap::from([("dep 1".parse().unwrap(), "MIT".to_owned())]);
    two.licenses.insert("a".to_owned(), licence);
    BTreeMap::from([(1, record(&[AMD, CHART], one, &["cargo", "helm"])), (2, two)])
}

/// The codes of what is wrong once `change` was made to two sound legs.
fn check(change: impl FnOnce(&mut BTreeMap<usize, Record>), expected: &[&str]) {
    let mut legs = legs();
    change(&mut legs);
    let codes: Vec<String> = match merge(plan().digest(), &legs, FORMATS) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.into_iter().map(|problem| problem.code.to_string()).collect(),
    };
    assert_eq!(codes, expected);
}

#[test]
fn legs_become_the_record_that_one_job_would_have_left() {
    let merged = merge(plan().digest(), &legs(), FORMATS).unwrap();
    let units: Vec<&str> = merged.units.iter().map(|unit| unit.id.0.as_str()).collect();
    assert_eq!(units, [AMD, ARM, CHART]);
    let paths: Vec<&str> = merged.artifacts.iter().map(|a| a.file.path.as_str()).collect();
    assert_eq!(paths, ["binary/a", "binary/z", "helm/c.tgz"]);
    let tools: Vec<&str> = merged.tools.iter().map(|tool| tool.name.as_str()).collect();
    assert_eq!(tools, ["cargo", "helm", "zig"]);
    assert_eq!(merged.locks["a"], "lock");
    assert_eq!(merged.licenses["a"][&"dep 1".parse().unwrap()], "MIT");
    assert_eq!(merged.plan, plan());
}

#[test]
fn every_leg_of_the_plan_must_be_there_and_no_other() {
    check(|_| {}, &[]);
    check(|legs| legs.clear(), &["leg-missing"]);
    check(|legs| drop(legs.remove(&2)), &["leg-missing"]);
    check(
        |legs| {
            let two = legs.remove(&2).unwrap();
            legs.insert(3, two);
        },
        &["leg-missing", "leg-unknown"],
    );
}

#[test]
fn a_leg_of_another_plan_or_other_sources_is_refused() {
    check(|legs| legs.get_mut(&2).unwrap().plan.release.tag = "v2".to_owned(), &["plan-changed"]);
    check(|legs| legs.get_mut(&2).unwrap().source.dirty = true, &["leg-source"]);
}

#[test]
fn a_leg_tells_of_its_own_units_and_of_all_of_them() {
    check(|legs| drop(legs.get_mut(&2).unwrap().units.pop()), &["leg-units", "record-unit"]);
    check(
        |legs| legs.get_mut(&2).unwrap().artifacts.push(artifact(CHART, "helm/c.tgz")),
        &["record-unit"],
    );
    check(|legs| legs.get_mut(&1).unwrap().units[1].status = UnitStatus::Failed, &["record-unit"]);
}

#[test]
fn a_leg_says_nothing_that_the_plan_contradicts() {
    let first = |legs: &mut BTreeMap<usize, Record>, change: fn(&mut Artifact)| {
        change(&mut legs.get_mut(&2).unwrap().artifacts[0]);
    };
    check(|legs| first(legs, |artifact| artifact.version = "6".to_owned()), &["record-differs"]);
    let moved = |artifact: &mut Artifact| artifact.file.path = "release.json".to_owned();
    check(|legs| first(legs, moved), &["record-path", "record-unit"]);
}

#[test]
fn two_legs_that_built_one_unit_must_agree() {
    let amd = |legs: &mut BTreeMap<usize, Record>| -> usize {
        legs[&2].artifacts.iter().position(|artifact| artifact.unit.0 == AMD).unwrap()
    };
    check(
        |legs| {
            let at = amd(legs);
            legs.get_mut(&2).unwrap().artifacts[at].file.digest = Digest::of(b"other");
        },
        &["leg-disagree", "leg-disagree"],
    );
    check(
        |legs| {
            let at = amd(legs);
            legs.get_mut(&2).unwrap().artifacts[at].notes.push("told".to_owned());
        },
        &["leg-disagree"],
    );
    let same_name = |legs: &mut BTreeMap<usize, Record>| {
        legs.get_mut(&2).unwrap().artifacts[0].file.path = "binary/z".to_owned();
    };
    check(same_name, &["leg-disagree", "record-path", "record-unit"]);
}
