//! All that CI runs, in stages of two lanes, each step with a log of its own; and the way to run a
//! few tests by hand.
//!
//! Three tiers: `ci` (at most 30 minutes from nothing), `ci --full` (everything, in groups that can
//! be run one by one, resumable), `bench` (elsewhere).

mod context;
mod groups;
mod slow;
mod stamps;
mod steps;

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;
use std::{fs, mem, thread};

use crate::step::{Outcome, Step};
use crate::{Failure, workspace};
use context::Context;
use slow::Batch;
use stamps::Stamps;
use steps::{Made, Stage};

/// The quick tier's budget from empty caches on two cores, in seconds.
const BUDGET_SECONDS: f64 = 30.0 * 60.0;

/// What is asked of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Request<'w> {
    full: bool,
    cold: bool,
    list: bool,
    /// With `full`: only these groups of slow tests; without a name, all tiers.
    groups: Vec<&'w str>,
}

/// Runs the quick tier, or with `--full` all tiers or the named groups of slow tests; `--cold`
/// starts from empty caches.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    let request = Request::read(words)?;
    for name in &request.groups {
        groups::named(name)?;
    }
    let context = Context::prepare(request.cold)?;
    if request.list {
        return slow::list(&context);
    }
    let quick = request.groups.is_empty();
    let stamps = if request.full && quick { Some(Stamps::of_the_tree()?) } else { None };
    let mut run = Run { context, stamps, made: BTreeSet::new(), tally: Tally::default() };
    let start = Instant::now();
    if quick {
        for stage in steps::quick(&run.context)? {
            run.stage(&stage)?;
        }
        run.made.extend(Made::QUICK);
    }
    if request.full {
        for batch in slow::batches(&run.context, &request.groups)? {
            run.batch(batch)?;
        }
    }
    run.close(start.elapsed().as_secs_f64(), request.full)
}

impl<'w> Request<'w> {
    fn read(words: &[&'w str]) -> Result<Self, Failure> {
        let mut request = Self::default();
        for word in words {
            match *word {
                "--full" => request.full = true,
                "--cold" => request.cold = true,
                "--list" => request.list = true,
                flag if flag.starts_with('-') => {
                    let help = "help: `--full`, `--list` and `--cold`";
                    return Err(format!("unknown flag `{flag}`, {help}").into());
                }
                group => request.groups.push(group),
            }
        }
        if !request.full && (request.list || !request.groups.is_empty()) {
            return Err("groups are of slow tests, help: `cargo xtask ci --full GROUP`".into());
        }
        Ok(request)
    }
}

/// Runs the tests whose name, or whose test file, contains `name`; all without one. Output goes to
/// the terminal.
pub fn test(name: Option<&str>) -> Result<(), Failure> {
    crate::docs::product()?;
    let mut words: Vec<&str> = steps::TEST.split(' ').skip(1).collect();
    let files = workspace::test_files()?;
    let matching: Vec<&str> = files
        .iter()
        .map(String::as_str)
        .filter(|file| name.is_some_and(|name| file.contains(name)))
        .collect();
    match name {
        Some(_) if !matching.is_empty() => {
            words.extend(matching.iter().flat_map(|file| ["--test", file]));
        }
        // Whoever names a test wants it run, slow or not.
        Some(name) => words.extend([name, "--", "--include-ignored"]),
        None => {}
    }
    let status = Command::new("cargo").args(&words).current_dir(workspace::root()).status()?;
    if status.success() { Ok(()) } else { Err("some tests failed".into()) }
}

/// A run in progress.
struct Run {
    context: Context,
    stamps: Option<Stamps>,
    /// What is there already for the slow tests.
    made: BTreeSet<Made>,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
}

impl Run {
    /// Runs a stage to its end, both lanes of it.
    fn stage(&mut self, stage: &Stage) -> Result<(), Failure> {
        let mut beside = Vec::new();
        for step in &stage.beside {
            if !self.passed_before(step) {
                beside.push(step);
            }
        }
        thread::scope(|scope| {
            let beside: Vec<_> =
                beside.into_iter().map(|step| (step, scope.spawn(|| step.run()))).collect();
            let ended = stage.steps.iter().try_for_each(|step| self.take(step));
            for (step, thread) in beside {
                let outcome = thread.join().unwrap_or_else(|_| Err("a step panicked".into()));
                self.count(step, &outcome?)?;
            }
            ended
        })
    }

    fn take(&mut self, step: &Step) -> Result<(), Failure> {
        if self.passed_before(step) {
            return Ok(());
        }
        let outcome = step.run()?;
        self.count(step, &outcome)
    }

    /// Runs a group of slow tests, and before it what it needs, unless all of it passed before.
    fn batch(&mut self, batch: Batch) -> Result<(), Failure> {
        println!("group   {}", batch.group.name);
        if !batch.is_done() {
            for made in batch.group.needs {
                if self.made.insert(*made) {
                    self.take(&made.step(&self.context))?;
                }
            }
        }
        let before = self.stamps.replace(batch.stamps);
        let tests = batch.tests.iter().try_for_each(|step| self.take_slow(step));
        let ended = tests.and_then(|()| batch.own.iter().try_for_each(|step| self.take(step)));
        self.stamps = before;
        ended
    }

    /// Runs a slow test. A name that matches none would pass without a word.
    fn take_slow(&mut self, step: &Step) -> Result<(), Failure> {
        if self.passed_before(step) {
            return Ok(());
        }
        let outcome = step.run()?;
        let ran = outcome.tests != (0, 0);
        self.count(step, &Outcome { passed: outcome.passed && ran, ..outcome })
    }

    /// Whether the step need not run again, which is told.
    fn passed_before(&mut self, step: &Step) -> bool {
        let stamps = self.stamps.as_ref().filter(|_| !steps::is_maker(step));
        let Some(tests) = stamps.and_then(|stamps| stamps.passed(step)) else { return false };
        println!("ok      {:<28} passed before, on these very files", step.name);
        self.tally.passed += tests;
        true
    }

    fn count(&mut self, step: &Step, outcome: &Outcome) -> Result<(), Failure> {
        step.tell(outcome)?;
        // A laptop may lack a judge (the tests say so, loudly); CI may not.
        let excused = step.name == steps::JUDGES && !workspace::in_ci();
        let (passed, failed) = outcome.tests;
        let by_itself = usize::from(!outcome.passed && failed == 0 && !excused);
        self.tally.failed += failed + by_itself;
        self.tally.passed += if outcome.passed { passed.max(1) } else { passed };
        if let (true, Some(stamps)) = (outcome.passed, &self.stamps) {
            stamps.note(step, passed.max(1))?;
        }
        Ok(())
    }

    /// The closing lines; fails if anything did.
    fn close(mut self, seconds: f64, full: bool) -> Result<(), Failure> {
        let notes = fs::read_to_string(&self.context.skips).unwrap_or_default();
        let missing: BTreeSet<&str> = notes.lines().collect();
        if !missing.is_empty() {
            let names: Vec<&str> = missing.into_iter().collect();
            println!("SKIPPED for want of judges: {}", names.join(", "));
        }
        println!("{:.1} minutes", seconds / 60.0);
        if !full && seconds > BUDGET_SECONDS {
            println!("note: over the budget of {} minutes", BUDGET_SECONDS / 60.0);
        }
        let Tally { passed, failed } = mem::take(&mut self.tally);
        println!("{passed} passed, {failed} failed");
        if failed == 0 { Ok(()) } else { Err("not all passed, see above".into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_asked_for_with_full() {
        let check = |words: &[&str], expected: Option<Request<'_>>| {
            assert_eq!(Request::read(words).ok(), expected, "{words:?}");
        };
        let full = || Request { full: true, ..Request::default() };
        check(&[], Some(Request::default()));
        check(&["--full"], Some(full()));
        check(
            &["--full", "build", "forge"],
            Some(Request { groups: vec!["build", "forge"], ..full() }),
        );
        check(&["--full", "--list"], Some(Request { list: true, ..full() }));
        check(&["--cold"], Some(Request { cold: true, ..Request::default() }));
        for wrong in [&["build"][..], &["--list"], &["--fast"], &["--full", "--fast"]] {
            check(wrong, None);
        }
    }
}
