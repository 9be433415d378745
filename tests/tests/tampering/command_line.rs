//! The same changes on disk, through the program that people run: exit code, words and JSON.

use product_tests::scratch::Scratch;
use product_tests::{forgery, product, release};
use serde_json::Value;

use super::case::{Case, Change};
use super::memory::Folder;
use super::plan::{self, Chance};
use super::{SEED, sealed};

/// Of each kind of change so many are tried; flips come in more flavours.
const EACH: usize = 1;
const FLIPS: usize = 6;

#[test]
fn the_command_line_says_no_and_names_the_file() {
    let clean = sealed();
    let work = Scratch::new("tampered").unwrap();
    let copy = work.join("dist");
    forgery::store(&forgery::load(&release::example()), &copy);
    let folder = copy.to_str().unwrap();
    product::run(&["verify", folder]).accepted();
    let cases = sample(&clean);
    for case in &cases {
        case.make(&clean, &copy);
        let told = product::run(&["verify", folder]);
        let json = product::run(&["verify", folder, "--output", "json"]);
        case.undo(&clean, &copy);
        for (said, verdict) in [("words", &told), ("JSON", &json)] {
            assert_eq!(verdict.code, 1, "{said}: {case:?}\n{}", verdict.told());
        }
        let report: Value = serde_json::from_str(&json.stdout).unwrap();
        for path in case.named() {
            let line = format!("{path}: error[");
            let named = told.stderr.lines().any(|text| text.starts_with(&line));
            assert!(named, "{case:?}\n{}", told.told());
            assert!(places(&report).any(|place| place == path), "{case:?}\n{}", json.stdout);
        }
        assert!(told.stdout.contains("NOT verified"), "{}", told.told());
    }
    product::run(&["verify", folder]).accepted();
    println!("{} changes through the command line, seed {SEED}", cases.len());
}

fn sample(clean: &Folder) -> Vec<Case> {
    let mut chance = Chance::new(SEED);
    let flips = plan::flips(clean, &mut chance);
    let others = plan::others(clean, &mut chance);
    let mut sample: Vec<Case> =
        (0..FLIPS).map(|_| flips[chance.below(flips.len())].clone()).collect();
    let kinds: [fn(&Change) -> bool; 8] = [
        |change| matches!(change, Change::Cut { .. }),
        |change| matches!(change, Change::Swap { .. }),
        |change| matches!(change, Change::Remove),
        |change| matches!(change, Change::Link),
        |change| matches!(change, Change::Folder),
        |change| matches!(change, Change::AddFile),
        |change| matches!(change, Change::AddFolder),
        |change| matches!(change, Change::AddLink),
    ];
    for is_of_kind in kinds {
        let cases: Vec<&Case> = others.iter().filter(|case| is_of_kind(&case.change)).collect();
        sample.extend((0..EACH).map(|_| cases[chance.below(cases.len())].clone()));
    }
    sample
}

fn places(report: &Value) -> impl Iterator<Item = &str> {
    let checks = report["checks"].as_array().into_iter().flatten();
    let problems = checks.flat_map(|check| check["problems"].as_array().into_iter().flatten());
    problems.filter_map(|problem| problem["location"]["file"].as_str())
}
