//! All that CI runs, in stages of two lanes, each step with a log of its own; and the way to run a
//! few tests by hand.
//!
//! Three tiers: `ci` (at most 30 minutes from nothing), `ci --full` (everything, resumable),
//! `bench` (elsewhere).

mod room;
mod slow;
mod stamps;
mod steps;

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Instant;
use std::{fs, mem, thread};

use crate::step::{Outcome, Step};
use crate::{Failure, workspace};
use room::Room;
use stamps::Stamps;
pub use steps::{compiler_version, has_target};

use steps::Stage;

/// The quick tier's budget from empty caches on two cores, in seconds.
const BUDGET_SECONDS: f64 = 30.0 * 60.0;

/// Runs the quick tier, or with `--full` all tiers; `--cold` starts from empty caches.
pub fn run(flags: &[&str]) -> Result<(), Failure> {
    let (mut full, mut cold) = (false, false);
    for flag in flags {
        match *flag {
            "--full" => full = true,
            "--cold" => cold = true,
            _ => return Err(format!("unknown flag `{flag}`, help: `--full` and `--cold`").into()),
        }
    }
    let room = Room::prepare(cold)?;
    let stamps = if full { Some(Stamps::open()?) } else { None };
    let mut run = Run { room, stamps, tally: Tally::default() };
    let start = Instant::now();
    for stage in steps::quick(&run.room)? {
        run.stage(&stage)?;
    }
    if full {
        for step in slow::steps(&run.room)? {
            run.take(&step)?;
        }
    }
    run.close(start.elapsed().as_secs_f64(), full)
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
    room: Room,
    stamps: Option<Stamps>,
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

    /// Whether the step need not run again, which is told.
    fn passed_before(&mut self, step: &Step) -> bool {
        let stamps = self.stamps.as_ref().filter(|_| !steps::MAKERS.contains(&step.name.as_str()));
        let Some(tests) = stamps.and_then(|stamps| stamps.passed(step)) else { return false };
        println!("ok      {:<28} passed before, on this very tree", step.name);
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
        let notes = fs::read_to_string(&self.room.skips).unwrap_or_default();
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
