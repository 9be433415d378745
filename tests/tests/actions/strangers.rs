//! Strangers read every action, workflow and template, and find nothing; where one does not know
//! what GitHub knows, the exception stands here with its reason.

use std::path::PathBuf;

use product_tests::judges::{self, Verdict};
use product_tests::repository;

use crate::definitions::{Definitions, Kind, OWN};

/// What GitHub's language service says of things that it does not know yet.
const NOT_KNOWN_YET: &[&str] = &[
    // GitHub takes `cache-mode` since June 2026; the schema that the service ships is older.
    "Unexpected value 'cache-mode'",
];

fn files(kinds: &[Kind]) -> Vec<PathBuf> {
    let definitions = Definitions::of_the_repository();
    let wanted = definitions.all().filter(|file| kinds.contains(&file.kind));
    wanted.map(|file| repository::root().join(&file.path)).collect()
}

fn told(verdict: &Verdict) -> String {
    format!("{}\n{}", verdict.stdout, verdict.stderr)
}

#[test]
fn zizmor_finds_nothing() {
    let Some(zizmor) = judges::find("zizmor") else { return };
    let config = repository::root().join(".github/zizmor.yml");
    let mut command = zizmor.command();
    command.args(["--offline", "--persona=auditor", "--strict-collection", "--no-progress"]);
    command.args(["--config".as_ref(), config.as_os_str()]);
    command.args(files(&[Kind::Action, Kind::Workflow, Kind::Template]));
    let verdict = Verdict::of(&mut command).accepted();
    assert!(told(&verdict).contains("No findings to report"), "{}", told(&verdict));
}

#[test]
fn actionlint_finds_nothing() {
    let Some(actionlint) = judges::find("actionlint") else { return };
    let Some(shellcheck) = judges::find("shellcheck") else { return };
    let mut command = actionlint.command();
    command.arg("-shellcheck").arg(shellcheck.path()).current_dir(repository::root());
    Verdict::of(command.args(files(&[Kind::Workflow, Kind::Template]))).accepted();
}

#[test]
fn the_schemas_of_workflows_and_actions_hold() {
    let Some(judge) = judges::find("check-jsonschema") else { return };
    for (schema, kinds) in [
        ("vendor.github-workflows", &[Kind::Workflow, Kind::Template][..]),
        ("vendor.github-actions", &[Kind::Action]),
    ] {
        let mut command = judge.command();
        command.args(["--builtin-schema", schema]).args(files(kinds));
        Verdict::of(&mut command).accepted();
    }
}

#[test]
fn githubs_own_language_service_finds_nothing() {
    let Some(service) = judges::find("languageservice") else { return };
    let mut command = service.command();
    command.arg(repository::root()).arg(OWN);
    let verdict = Verdict::of(command.args(files(&[Kind::Action, Kind::Workflow, Kind::Template])));
    assert!(verdict.stderr.is_empty() && verdict.code <= 1, "{}", told(&verdict));
    let excused = |line: &&str| NOT_KNOWN_YET.iter().any(|known| line.ends_with(known));
    let found: Vec<&str> = verdict.stdout.lines().filter(|line| !excused(line)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn shellcheck_finds_nothing_in_the_commands_of_actions() {
    let Some(shellcheck) = judges::find("shellcheck") else { return };
    let scratch = product_tests::scratch::Scratch::new("shellcheck").unwrap();
    let definitions = Definitions::of_the_repository();
    let lists = definitions.all().flat_map(|file| file.step_lists());
    let lines = lists.flat_map(|(_, steps)| steps).filter_map(|step| step.text_of("run"));
    for (number, line) in lines.enumerate() {
        let file = scratch.join(format!("{number}.sh"));
        std::fs::write(&file, format!("#!/usr/bin/env bash\n{line}\n")).unwrap();
        shellcheck.run(&[file]).accepted();
    }
}

/// Each of them says no to a seeded defect: one that reads nothing would also find nothing.
#[test]
fn each_stranger_finds_a_seeded_defect() {
    let scratch = product_tests::scratch::Scratch::new("seeded").unwrap();
    let folder = scratch.join(".github/workflows");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("bad.yml");
    let bad = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    needz: b\n    steps:\n      \
               - uses: a/b@v1\n      - run: echo ${{ github.event.issue.title }}\n";
    std::fs::write(&file, bad).unwrap();
    let path = file.to_str().unwrap();
    let root = scratch.path().to_str().unwrap();
    for (judge, words) in [
        ("zizmor", vec!["--offline", "--persona=auditor", path]),
        ("actionlint", vec![path]),
        ("check-jsonschema", vec!["--builtin-schema", "vendor.github-workflows", path]),
        ("languageservice", vec![root, OWN, path]),
    ] {
        judges::run(judge, &words).map(Verdict::refused);
    }
}
