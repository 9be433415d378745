//! Tampering: whatever is done to whichever file of a sealed release, `verify` says no and names
//! the file.
//!
//! The changes run in memory, through `verify::verify` itself (see `answers.rs` for what is
//! remembered between them); a seeded sample runs through the command line on a copy of the folder.

mod answers;
mod case;
mod command_line;
mod downloads;
mod forgeries;
mod memory;
mod plan;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Instant;

use model::{Diagnostic, Severity};
use product_tests::{forgery, release};
use verify::Report;

use answers::Answers;
use case::Case;
use memory::Folder;
use plan::Chance;

/// Where chance starts; printed, so that a run can be repeated.
const SEED: u64 = 20_260_719;

/// The quick tier tries one flip in so many.
const SAMPLE: usize = 16;

fn sealed() -> Folder {
    Folder::new(forgery::load(&release::example()))
}

/// What is wrong with verification's answer to a change; nothing when it is as it must be.
fn fault(case: &Case, clean: &Folder, answers: &Answers) -> Option<String> {
    let verify = || answers::verify_changed(&case.apply(clean), answers);
    let Ok(report) = catch_unwind(AssertUnwindSafe(verify)) else {
        return Some(format!("{case:?}: verification panicked"));
    };
    if report.is_good() {
        return Some(format!("{case:?}: not noticed"));
    }
    let missing: Vec<&str> =
        case.named().into_iter().filter(|path| !names(&report, path)).collect();
    let told = report.problems();
    (!missing.is_empty()).then(|| format!("{case:?}: {missing:?} not named, only:\n{told}"))
}

/// Whether an error is placed at the file.
fn names(report: &Report, path: &str) -> bool {
    let at =
        |problem: &Diagnostic| problem.location.as_ref().is_some_and(|place| place.file == path);
    let problems = report.problems().0;
    problems.iter().any(|problem| problem.severity == Severity::Error && at(problem))
}

/// Tries all cases on every processor. Panics with the first faults.
fn try_all(what: &str, clean: &Folder, cases: &[Case]) {
    let start = Instant::now();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(threads).max(1);
    let faults: Vec<String> = thread::scope(|scope| {
        let run = |cases: &'_ [Case]| {
            let answers = answers::learn(clean);
            cases.iter().filter_map(|case| fault(case, clean, &answers)).collect::<Vec<_>>()
        };
        let started: Vec<_> =
            cases.chunks(share).map(|cases| scope.spawn(move || run(cases))).collect();
        started.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let files = clean.paths().count();
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {} changes of {files} files, seed {SEED}, {seconds:.1} s", cases.len());
    let shown = faults.iter().take(10).cloned().collect::<Vec<_>>().join("\n\n");
    assert!(faults.is_empty(), "{} of {} wrong:\n{shown}", faults.len(), cases.len());
}

#[test]
fn a_flipped_byte_is_noticed_and_its_file_named() {
    let clean = sealed();
    let cases = plan::flips(&clean, &mut Chance::new(SEED));
    let first = Chance::new(SEED).below(SAMPLE);
    let sample: Vec<Case> = cases.into_iter().skip(first).step_by(SAMPLE).collect();
    try_all("flipped bytes, a sample", &clean, &sample);
}

#[test]
#[ignore = "slow tampering: every byte of every small file"]
fn every_flipped_byte_is_noticed_and_its_file_named() {
    let clean = sealed();
    try_all("flipped bytes", &clean, &plan::flips(&clean, &mut Chance::new(SEED)));
}

#[test]
fn a_cut_swapped_removed_or_added_file_is_noticed_and_named() {
    let clean = sealed();
    try_all("other changes", &clean, &plan::others(&clean, &mut Chance::new(SEED)));
}

#[test]
fn remembered_answers_change_no_report() {
    let clean = sealed();
    let answers = answers::learn(&clean);
    let mut chance = Chance::new(SEED + 1);
    let mut cases = plan::flips(&clean, &mut chance);
    cases.extend(plan::others(&clean, &mut chance));
    for _ in 0..12 {
        let case = &cases[chance.below(cases.len())];
        let dist = case.apply(&clean);
        let asked = verify::verify(
            &dist,
            &::release::FORMATS.inspector(),
            &signing::Verifier,
            &Default::default(),
        );
        assert_eq!(answers::verify_changed(&dist, &answers), asked, "{case:?}");
    }
}
