//! From units to a plan, or to problems.

use model::limits::DEFAULT_LEGS;
use model::{MemoryTree, UnitId};

use super::*;
use crate::resolve::resolve;
use crate::tests::FORMATS;

/// Two packages without a manifest: all that `assemble` asks of them is their names.
fn resolved() -> Resolved {
    let config = "[release]\nversion = \"1.0.0\"\nregistry = \"ghcr.io/x\"\n\
                  [[package]]\nname = \"one\"\nbinary = { go = \".\" }\n\
                  [[package]]\nname = \"two\"\n\
                  binary = { go = \".\" }\nimage = { from = \"binary\" }\n";
    resolve(
        &MemoryTree::new([(config::CONFIG_FILE, config), ("go.mod", "")]),
        FORMATS,
        &Tagged::default(),
    )
    .unwrap()
}

fn unit(id: &str, needs: &[&str], files: &[&str]) -> Unit {
    let mut parts = id.split('/');
    let package = parts.next().unwrap();
    let format: Format = parts.next().unwrap().parse().unwrap();
    let platform: Option<Platform> = parts.next().map(|platform| platform.parse().unwrap());
    let recipe = match (format, platform) {
        (oci::FORMAT, None) => oci::recipes::INDEX,
        (oci::FORMAT, _) => oci::recipes::FROM_BINARY,
        _ => binary::recipes::GO,
    };
    Unit {
        id: UnitId(id.to_owned()),
        package: package.to_owned(),
        format,
        platform,
        recipe,
        version: "1.0.0".to_owned(),
        needs: needs.iter().map(|need| UnitId((*need).to_owned())).collect(),
        files: files.iter().map(|file| (*file).to_owned()).collect(),
    }
}

fn units() -> Vec<Unit> {
    vec![
        unit("two/oci", &["two/oci/linux-amd64", "two/oci/linux-arm64"], &["oci/two"]),
        unit("two/oci/linux-amd64", &["two/binary/linux-amd64"], &["oci/two"]),
        unit("two/oci/linux-arm64", &["two/binary/linux-arm64"], &["oci/two"]),
        unit("two/binary/linux-amd64", &[], &["binary/two-linux-amd64"]),
        unit("two/binary/linux-arm64", &[], &["binary/two-linux-arm64"]),
        unit("one/binary/windows-amd64", &[], &["binary/one-windows-amd64.exe"]),
    ]
}

/// The plan of `units`, each with what its format knows of it.
fn assembled(units: Vec<Unit>, selection: &Selection) -> Result<Plan, Diagnostics> {
    let resolved = resolved();
    let with_facts = |unit: Unit| {
        let mut packages = resolved.packages.iter().map(|one| &one.package);
        let package = packages.find(|package| package.name == unit.package).unwrap();
        let facts = <dyn Plans>::of(FORMATS, unit.format).unwrap().facts(package, &unit);
        (unit, facts)
    };
    let units = units.into_iter().map(with_facts).collect();
    assemble(resolved.clone(), units, selection, FORMATS)
}

/// Names of the plan's units, or codes of the problems.
fn check(units: Vec<Unit>, selection: &Selection, expected: &[&str]) -> String {
    match assembled(units, selection) {
        Ok(plan) => {
            let found: Vec<&str> = plan.units.iter().map(|unit| unit.id.0.as_str()).collect();
            assert_eq!(found, expected);
            String::new()
        }
        Err(problems) => {
            let found: Vec<&str> = problems.0.iter().map(|p| p.code.name).collect();
            assert_eq!(found, expected, "{problems}");
            problems.to_string()
        }
    }
}

#[test]
fn each_unit_stands_after_what_it_needs_and_else_as_it_came() {
    let expected = [
        "two/binary/linux-amd64",
        "two/oci/linux-amd64",
        "two/binary/linux-arm64",
        "two/oci/linux-arm64",
        "two/oci",
        "one/binary/windows-amd64",
    ];
    check(units(), &Selection::default(), &expected);
}

#[test]
fn a_chosen_unit_brings_what_it_needs() {
    let selection = Selection { formats: vec![oci::FORMAT], ..Selection::default() };
    let expected = [
        "two/binary/linux-amd64",
        "two/oci/linux-amd64",
        "two/binary/linux-arm64",
        "two/oci/linux-arm64",
        "two/oci",
    ];
    check(units(), &selection, &expected);
}

#[test]
fn an_index_covers_the_chosen_platforms_and_so_does_the_package() {
    let platforms = vec![Platform::LinuxArm64];
    let selection = Selection { platforms: platforms.clone(), ..Selection::default() };
    check(units(), &selection, &["two/binary/linux-arm64", "two/oci/linux-arm64", "two/oci"]);
    let plan = assembled(units(), &selection).unwrap();
    assert_eq!(plan.packages.len(), 1);
    assert_eq!(plan.packages[0].spec::<oci::ImageSpec>().unwrap().platforms, platforms);
    assert_eq!(plan.packages[0].spec::<binary::BinarySpec>().unwrap().platforms, platforms);
    let selection = Selection { platforms: vec![Platform::WindowsAmd64], ..Selection::default() };
    check(units(), &selection, &["one/binary/windows-amd64"]);
}

#[test]
fn a_selection_that_names_or_chooses_nothing_is_told() {
    let named = |name: &str| Selection { packages: vec![name.to_owned()], ..Selection::default() };
    check(units(), &named("o*"), &["one/binary/windows-amd64"]);
    let told = check(units(), &named("onne"), &["select-unknown-package"]);
    assert!(told.contains("did you mean `one`?"), "{told}");
    let selection = Selection { formats: vec![helm::FORMAT], ..Selection::default() };
    check(units(), &selection, &["select-nothing"]);
    check(Vec::new(), &Selection::default(), &["select-nothing"]);
}

#[test]
fn units_that_need_each_other_in_a_circle_are_told() {
    let units = vec![
        unit("one/binary/linux-amd64", &["two/binary/linux-amd64"], &[]),
        unit("two/binary/linux-amd64", &["one/binary/linux-arm64"], &[]),
        unit("one/binary/linux-arm64", &["two/binary/linux-amd64"], &[]),
    ];
    let told = check(units, &Selection::default(), &["plan-cycle"]);
    let circle = "`two/binary/linux-amd64` needs `one/binary/linux-arm64` needs \
                  `two/binary/linux-amd64`";
    assert!(told.contains(circle), "{told}");
    let lost = vec![unit("one/binary/linux-amd64", &["gone/oci"], &[])];
    check(lost, &Selection::default(), &["plan-unknown-need"]);
}

#[test]
fn two_units_cannot_claim_one_file_name() {
    let claims = |a: &str, b: &str, expected: &[&str]| {
        let units = vec![unit("one/pypi", &[], &[a]), unit("two/pypi", &[], &[b])];
        check(units, &Selection::default(), expected);
    };
    claims("pypi/a.whl", "other/a.whl", &["plan-file-name"]);
    claims("pypi/a.whl", "pypi/A.whl", &["plan-file-name"]);
    claims("pypi/a-1-*.whl", "pypi/a-1-py3-none-any.whl", &["plan-file-name"]);
    claims("pypi/a-1-*-any.whl", "pypi/a-1-py3-*.whl", &["plan-file-name"]);
    claims("pypi/a-1-*.whl", "pypi/a-1.tar.gz", &["one/pypi", "two/pypi"]);
    claims("pypi/a-1-*.whl", "pypi/a-1-*.zip", &["one/pypi", "two/pypi"]);
    claims("pypi/a-*.whl", "pypi/a_b-*.whl", &["one/pypi", "two/pypi"]);
}

#[test]
fn a_release_that_github_could_not_hold_is_refused() {
    let named = |folder: &str| -> Vec<String> {
        (0..MAX_RELEASE_ASSETS).map(|n| format!("{folder}/{n}")).collect()
    };
    let (binaries, wheels) = (named("binary"), named("pypi"));
    let binaries: Vec<&str> = binaries.iter().map(String::as_str).collect();
    let wheels: Vec<&str> = wheels.iter().map(String::as_str).collect();
    let over = vec![unit("one/binary", &[], &binaries)];
    check(over, &Selection::default(), &["plan-too-many-assets"]);
    let fits = vec![unit("one/binary", &[], &binaries[..MAX_RELEASE_ASSETS - RELEASE_FILES])];
    check(fits, &Selection::default(), &["one/binary"]);
    let indexed = vec![unit("one/pypi", &[], &wheels)];
    check(indexed, &Selection::default(), &["one/pypi"]);
}

#[test]
fn legs_are_closed_under_needs_and_no_more_than_asked_for() {
    let legs = |max: usize| -> Vec<Vec<String>> {
        let selection = Selection { max_legs: Some(max), ..Selection::default() };
        let plan = assembled(units(), &selection).unwrap();
        plan.legs.into_iter().map(|leg| leg.units.into_iter().map(|id| id.0).collect()).collect()
    };
    assert_eq!(legs(1).len(), 1);
    assert_eq!(legs(1)[0].len(), 6);
    let two = legs(DEFAULT_LEGS);
    assert_eq!(two.len(), 2);
    assert_eq!(two[1], ["one/binary/windows-amd64"]);
    for max in [0, MAX_LEGS + 1] {
        let selection = Selection { max_legs: Some(max), ..Selection::default() };
        check(units(), &selection, &["plan-max-legs"]);
    }
}

#[test]
fn dockerfiles_for_arm64_stand_in_legs_of_their_own_with_what_they_need() {
    let image = |id: &str, needs: &[&str]| Unit {
        recipe: if id.ends_with("64") {
            oci::recipes::FROM_DOCKERFILE
        } else {
            oci::recipes::INDEX
        },
        ..unit(id, needs, &[&format!("oci/{}", id.split('/').next().unwrap())])
    };
    let units = vec![
        unit("one/pypi", &[], &["pypi/one.whl"]),
        unit("one/binary/linux-amd64", &[], &["binary/one-linux-amd64"]),
        unit("one/binary/linux-arm64", &[], &["binary/one-linux-arm64"]),
        image("one/oci/linux-amd64", &["one/pypi", "one/binary/linux-amd64"]),
        image("one/oci/linux-arm64", &["one/pypi", "one/binary/linux-arm64"]),
        image("one/oci", &["one/oci/linux-amd64", "one/oci/linux-arm64"]),
        image("two/oci/linux-arm64", &[]),
        image("two/oci", &["two/oci/linux-arm64"]),
        unit("two/binary/linux-amd64", &[], &["binary/two-linux-amd64"]),
    ];
    let check = |max: usize, expected: &[&str], runners: &[&str]| {
        let selection = Selection { max_legs: Some(max), ..Selection::default() };
        let plan = assembled(units.clone(), &selection).unwrap();
        let names = |leg: &model::Leg| {
            leg.units.iter().map(|id| id.0.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(plan.legs.iter().map(names).collect::<Vec<_>>(), expected);
        let matrix = crate::matrix(&plan, FORMATS);
        let found = matrix["include"].as_array().unwrap().iter();
        let found: Vec<&str> = found.map(|leg| leg["runner"].as_str().unwrap()).collect();
        assert_eq!(found, runners);
    };
    let amd = "one/pypi one/binary/linux-amd64 one/oci/linux-amd64";
    // What both machines need is built on both; the index over both stands in no leg.
    let arm = "one/pypi one/binary/linux-arm64 one/oci/linux-arm64";
    let (two, other) = ("two/oci/linux-arm64 two/oci", "two/binary/linux-amd64");
    let (usual, native) = ("ubuntu-24.04", "ubuntu-24.04-arm");
    check(16, &[amd, other, arm, two], &[usual, usual, native, native]);
    check(3, &[&format!("{amd} {other}"), arm, two], &[usual, native, native]);
    check(2, &[&format!("{amd} {other}"), &format!("{arm} {two}")], &[usual, native]);
    let order = format!(
        "one/pypi one/binary/linux-amd64 one/binary/linux-arm64 one/oci/linux-amd64 \
         one/oci/linux-arm64 one/oci {two} {other}"
    );
    check(1, &[&order], &[usual]);
}

#[test]
fn the_same_units_give_the_same_digest() {
    let plan = || assembled(units(), &Selection::default()).unwrap();
    assert_eq!(plan().digest(), plan().digest());
    let selection = Selection { formats: vec![binary::FORMAT], ..Selection::default() };
    let other = assembled(units(), &selection).unwrap();
    assert_ne!(plan().digest(), other.digest());
}
