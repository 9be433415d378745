//! Commits that are older than what they are built with.

use super::archives::{python, wheel};
use super::samples;
use super::tree::{DATE, Tree};

/// A project at a commit of that date, with further keys of its own.
fn tree(date: &str, python: &str) -> Tree {
    let tree = samples::project();
    tree.put(
        "package-actions.toml",
        format!(
            "[release]\nversion = \"1.0.0\"\n\n[[package]]\nname = \"kit\"\n\
             python = {{ path = \".\"{python} }}\n"
        ),
    );
    tree.commit(date);
    tree
}

/// What a release says of files whose build had no limit.
const UNLIMITED: &str = "were not limited by date";

/// All that is told of how the sources were built.
fn notes(tree: &Tree) -> String {
    let manifest = tree.manifest();
    let artifacts = manifest["artifacts"].as_array().unwrap();
    let notes = artifacts.iter().filter_map(|one| one["notes"].as_array()).flatten();
    notes.filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_commit_of_1970_is_built_without_a_limit_and_says_so() {
    let tree = tree("1970-01-01T00:00:01Z", "");
    let told = tree.release(&[]);
    for text in ["the commit's time (1980-01-01T00:00:00Z)", "`build-cutoff`"] {
        assert!(told.stderr.contains(text), "{}", told.told());
    }
    assert!(notes(&tree).contains(UNLIMITED), "{:?}", notes(&tree));
    tree.run(&["verify", "dist"]).accepted();
    let times = python(
        "import json, sys, zipfile\nmembers = zipfile.ZipFile(sys.argv[1]).infolist()\n\
         print(json.dumps(sorted({member.date_time[0] for member in members})))",
        &tree.only(".whl"),
    );
    assert_eq!(times, serde_json::json!([1980]));
}

#[test]
fn a_limit_that_somebody_set_is_kept() {
    let early = tree(DATE, ", build-cutoff = \"2001-01-01\"");
    early.refuses(&["release", "--local"], 3, &["flit"]);
    let commit = tree("1970-01-01T00:00:01Z", ", build-cutoff = \"commit\"");
    commit.refuses(&["release", "--local"], 3, &["flit"]);
}

#[test]
#[ignore = "slow cases: 10 s, builds with hatchling"]
fn a_backend_that_is_asked_for_by_its_version_is_taken_though_it_is_younger() {
    let tree = samples::project();
    let hatch = samples::PROJECT.replace("flit_core>=3.11,<4", "hatchling==1.26.3");
    tree.put("pyproject.toml", hatch.replace("flit_core.buildapi", "hatchling.build"));
    tree.run(&["init"]).accepted();
    tree.commit("1970-01-01T00:00:01Z");
    tree.release(&[]);
    assert!(notes(&tree).contains(UNLIMITED), "{:?}", notes(&tree));
    let generator = wheel(&tree.only(".whl"))["kit-1.0.0.dist-info/WHEEL"][1].clone();
    assert!(generator.as_str().unwrap().contains("hatchling 1.26.3"), "{generator}");
    tree.run(&["verify", "dist"]).accepted();
}

#[test]
#[ignore = "slow cases: 10 s, builds a project under each limit"]
fn a_limit_within_which_something_can_be_built_is_the_one_that_is_used() {
    for (date, cutoff, is_unlimited) in [
        ("1970-01-01T00:00:01Z", "none", true),
        ("1970-01-01T00:00:01Z", "2026-01-31", false),
        ("2001-02-03T04:05:06Z", "2026-01-31T12:00:00Z", false),
        (DATE, "commit", false),
    ] {
        let tree = tree(date, &format!(", build-cutoff = \"{cutoff}\""));
        let told = tree.release(&[]);
        assert!(!told.stderr.contains("could not be built"), "{date} {cutoff}: {}", told.told());
        assert_eq!(notes(&tree).contains(UNLIMITED), is_unlimited, "{date} {cutoff}");
    }
}
