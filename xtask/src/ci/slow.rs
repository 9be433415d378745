//! The slow tier: groups of tests, each with what must be made before, and a stamp a test.

use super::context::Context;
use super::groups::{self, Group, SlowTest};
use super::stamps::Stamps;
use super::steps;
use crate::step::Step;
use crate::{Failure, workspace};

/// Steps of a group that are no tests: the group, the step's name, and the words for this program.
/// Fuzzing in shares, each of which takes less than an hour on two cores and has a stamp.
pub const OWN_STEPS: &[(&str, &str, &str)] = &[
    ("reproducible", "wasm modules, twice", "wasm --twice"),
    ("fuzz", "fuzz 1 of 5", "fuzz --minutes 10 --part 1/5"),
    ("fuzz", "fuzz 2 of 5", "fuzz --minutes 10 --part 2/5"),
    ("fuzz", "fuzz 3 of 5", "fuzz --minutes 10 --part 3/5"),
    ("fuzz", "fuzz 4 of 5", "fuzz --minutes 10 --part 4/5"),
    ("fuzz", "fuzz 5 of 5", "fuzz --minutes 10 --part 5/5"),
];

/// One group, ready to run.
pub struct Batch {
    pub group: &'static Group,
    /// A step for each of its tests.
    pub tests: Vec<Step>,
    /// Its steps that are no tests.
    pub own: Vec<Step>,
    pub stamps: Stamps,
}

impl Batch {
    /// Whether every test passed on these very files.
    pub fn is_done(&self) -> bool {
        self.steps().all(|step| self.stamps.passed(step).is_some())
    }

    fn steps(&self) -> impl Iterator<Item = &Step> {
        self.tests.iter().chain(&self.own)
    }
}

/// The groups of these names, in their order; all without a name.
pub fn batches(context: &Context, names: &[&str]) -> Result<Vec<Batch>, Failure> {
    for name in names {
        groups::named(name)?;
    }
    let (tests, packages) = groups::of_the_workspace()?;
    let files = workspace::files()?;
    let version = workspace::compiler_version()?;
    let chosen =
        groups::GROUPS.iter().filter(|group| names.is_empty() || names.contains(&group.name));
    chosen
        .map(|group| {
            let tests: Vec<SlowTest> =
                tests.iter().filter(|test| test.group == group.name).cloned().collect();
            let paths = groups::reads(group, &tests, &packages);
            let digest = format!("{} {version}", groups::digest(&paths, &files)?);
            let own = OWN_STEPS.iter().filter(|(name, ..)| *name == group.name);
            let own = own.map(|(_, step, words)| steps::own(context, step, words)).collect();
            let tests = tests.iter().map(|test| step(context, test)).collect();
            Ok(Batch { group, tests, own, stamps: Stamps::of(digest)? })
        })
        .collect()
}

/// Prints each group with its tests and whether they passed already.
pub fn list(context: &Context) -> Result<(), Failure> {
    for batch in batches(context, &[])? {
        println!("{}: {}", batch.group.name, batch.group.about);
        for step in batch.steps() {
            let word = if batch.stamps.passed(step).is_some() { "passed" } else { "-" };
            println!("  {word:<7} {}", step.name);
        }
    }
    Ok(())
}

fn step(context: &Context, test: &SlowTest) -> Step {
    let SlowTest { name, target, .. } = test;
    let flags = "--exact --ignored --show-output";
    let line = format!("{} --test {target} {name} -- {flags}", steps::TEST);
    let function = name.rsplit("::").next().unwrap_or(name);
    context.step(&format!("slow {function}"), &line)
}
