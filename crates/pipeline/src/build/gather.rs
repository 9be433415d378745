//! Brings everything that a plan's units need onto this machine before any of them starts: each
//! tool once, all target libraries of a Rust toolchain in one call.

use std::collections::{BTreeMap, BTreeSet};

use model::Diagnostic;
use tools::Prerequisite;

use super::{Task, site};
use crate::options::{Failure, Kind};
use crate::schedule;
use crate::source::Source;
use crate::toolbox::{Bench, Lack};

/// Fetches what `tasks` need.
///
/// # Errors
/// All prerequisites that this machine lacks, before anything is fetched; all tools that could not
/// be had.
pub(super) fn gather(
    source: &Source,
    tasks: &[Task<'_>],
    bench: &Bench,
    workers: usize,
) -> Result<(), Failure> {
    let list = List::of(source, tasks, bench);
    let lacking = tools::prerequisites(&list.prerequisites(bench));
    if !lacking.is_empty() {
        return Err(Failure { kind: Kind::Unable, problems: lacking });
    }
    let fetched = schedule::run(&list.order(bench), workers, |number, _: &[Option<Diagnostic>]| {
        match list.fetch(number, bench) {
            // What needs it will say that it is not built here.
            Ok(()) | Err(Lack::NotHere(_)) => None,
            Err(Lack::Broken(problem)) => Some(problem),
        }
    });
    let problems: Vec<Diagnostic> = fetched.into_iter().flatten().flatten().collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure { kind: Kind::Unable, problems: model::Diagnostics(problems) })
}

/// What is needed, each thing once.
#[derive(Debug, Default)]
struct List {
    /// Rust versions, each with the targets that it builds for.
    rust: BTreeMap<String, BTreeSet<&'static str>>,
    /// Tools by name, `python` included.
    tools: BTreeSet<&'static str>,
}

impl List {
    fn of(source: &Source, tasks: &[Task<'_>], bench: &Bench) -> Self {
        let mut list = Self::default();
        for Task { needs, .. } in tasks {
            if let Some(cargo) = &needs.cargo {
                let channel = site::channel(source, &cargo.project);
                let version = bench.rust_version(channel.as_deref());
                list.rust.entry(version).or_default().extend(&cargo.targets);
            }
            list.tools.extend(needs.tools.iter().filter(|name| **name != "cargo"));
        }
        list
    }

    fn prerequisites(&self, bench: &Bench) -> Vec<Prerequisite> {
        let mut wanted = bench.fetched_through(&self.tools);
        if self.tools.contains("python") {
            wanted.insert(Prerequisite::Python);
        }
        if !self.rust.is_empty() {
            wanted.insert(Prerequisite::CCompiler);
        }
        let lacks = |(version, targets): (&String, &BTreeSet<&str>)| {
            !bench.has_rust(version, targets) && !bench.is_offline()
        };
        if self.rust.iter().any(lacks) {
            wanted.insert(Prerequisite::Rust);
        }
        wanted.into_iter().collect()
    }

    /// What each fetch waits for: Rust first, because some tools are compiled with it.
    fn order(&self, bench: &Bench) -> Vec<Vec<usize>> {
        let rust = self.rust.len();
        let tools = self.tools.iter();
        let first = (0..rust).map(|_| Vec::new());
        first
            .chain(tools.map(|name| match bench.is_compiled(name) {
                true => (0..rust).collect(),
                false => Vec::new(),
            }))
            .collect()
    }

    fn fetch(&self, number: usize, bench: &Bench) -> Result<(), Lack> {
        if let Some((version, targets)) = self.rust.iter().nth(number) {
            return bench.rust(version, targets).map(|_| ());
        }
        match self.tools.iter().nth(number - self.rust.len()) {
            Some(name) => bench.path(name).map(|_| ()),
            None => Ok(()),
        }
    }
}
