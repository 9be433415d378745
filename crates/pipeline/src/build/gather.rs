//! Brings everything that a plan's units need onto this machine before any of them starts: each
//! tool once, all target libraries of a Rust toolchain in one call.

use std::collections::{BTreeMap, BTreeSet};

use model::Diagnostic;
use tools::Prerequisite;

use super::{Task, context};
use crate::options::{Failure, Kind};
use crate::schedule;
use crate::source::Source;
use crate::toolbox::{Toolbox, Unavailable};

/// Fetches what `tasks` need.
///
/// # Errors
/// All prerequisites that this machine lacks, before anything is fetched; all tools that could not
/// be had.
pub(super) fn gather(
    source: &Source,
    tasks: &[Task<'_>],
    toolbox: &Toolbox,
    workers: usize,
) -> Result<(), Failure> {
    let list = List::of(source, tasks, toolbox);
    let lacking = tools::prerequisites(&list.prerequisites(toolbox));
    if !lacking.is_empty() {
        return Err(Failure { kind: Kind::Unable, problems: lacking });
    }
    let fetched =
        schedule::run(&list.order(toolbox), workers, |number, _: &[Option<Diagnostic>]| {
            match list.fetch(number, toolbox) {
                // What needs it will say that it is not built here.
                Ok(()) | Err(Unavailable::NotHere(_)) => None,
                Err(Unavailable::Broken(problem)) => Some(problem),
            }
        });
    let problems: Vec<Diagnostic> = fetched.into_iter().flatten().flatten().collect();
    if problems.is_empty() {
        return Ok(());
    }
    let is_call = |problem: &Diagnostic| *problem.code == tools::codes::TOOL_OVERRIDE;
    let kind = if problems.iter().all(is_call) { Kind::Usage } else { Kind::Unable };
    Err(Failure { kind, problems: model::Diagnostics(problems) })
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
    fn of(source: &Source, tasks: &[Task<'_>], toolbox: &Toolbox) -> Self {
        let mut list = Self::default();
        for Task { needs, .. } in tasks {
            if let Some(cargo) = &needs.cargo {
                let channel = context::channel(source, &cargo.project);
                let version = toolbox.rust_version(channel.as_deref());
                list.rust.entry(version).or_default().extend(&cargo.targets);
            }
            list.tools.extend(needs.tools.iter().filter(|name| **name != "cargo"));
            list.tools.extend(&needs.data);
        }
        list
    }

    fn prerequisites(&self, toolbox: &Toolbox) -> Vec<Prerequisite> {
        let mut wanted = toolbox.fetched_through(&self.tools);
        if self.tools.contains("python") {
            wanted.insert(Prerequisite::Python);
        }
        if !self.rust.is_empty() {
            wanted.insert(Prerequisite::CCompiler);
        }
        let lacks = |(version, targets): (&String, &BTreeSet<&str>)| {
            !toolbox.has_rust(version, targets) && !toolbox.is_offline()
        };
        if self.rust.iter().any(lacks) {
            wanted.insert(Prerequisite::Rust);
        }
        wanted.into_iter().collect()
    }

    /// What each fetch waits for: Rust first, because some tools are compiled with it.
    fn order(&self, toolbox: &Toolbox) -> Vec<Vec<usize>> {
        let rust = self.rust.len();
        let tools = self.tools.iter();
        let first = (0..rust).map(|_| Vec::new());
        first
            .chain(tools.map(|name| match toolbox.is_compiled(name) {
                true => (0..rust).collect(),
                false => Vec::new(),
            }))
            .collect()
    }

    fn fetch(&self, number: usize, toolbox: &Toolbox) -> Result<(), Unavailable> {
        if let Some((version, targets)) = self.rust.iter().nth(number) {
            return toolbox.rust(version, targets).map(|_| ());
        }
        match self.tools.iter().nth(number - self.rust.len()) {
            Some(name) => toolbox.path(name).map(|_| ()),
            None => Ok(()),
        }
    }
}
