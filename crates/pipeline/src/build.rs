//! Builds a plan's units: tools, staged copies, commands, and their outputs into `dist/`.
//!
//! Which commands, and what outputs become, is asked of `release`.

mod check;
mod context;
mod crates;
pub(crate) mod demands;
mod engine;
mod failures;
mod fetch;
mod gather;
mod job;
mod outcome;
mod reason;
mod staging;
mod undated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use failures::Failures;
use format::{Builds, Job, Needs};
use model::{
    Artifact, Diagnostic, DiagnosticRecord, Invocation, Plan, ToolUse, Unit, UnitId, UnitRecord,
};
use release::{Licenses, Planned, Record};

use crate::compress::Libdeflate;
use crate::folder::Folder;
use crate::options::{Failure, Kind, Options};
use crate::progress::{Event, Progress};
use crate::schedule;
use crate::source::{Source, Withheld};
use crate::toolbox::Toolbox;

/// Units that are built together, and what they need.
pub(crate) struct Task<'p> {
    /// The units, each with its package.
    jobs: Vec<Job<'p>>,
    /// Their format.
    format: &'static dyn Builds,
    /// What the first of them needs, which all of them need.
    needs: Needs,
}

impl<'p> Task<'p> {
    /// The task of `units`; nothing where there is none.
    fn of(
        units: &[&'p Unit],
        source: &Source,
        plan: &'p Plan,
        options: &Options,
    ) -> Result<Option<Self>, Failure> {
        let Some(first) = units.first() else { return Ok(None) };
        let format = <dyn Builds>::of(options.formats.builds, first.format)?;
        let job = |unit: &&'p Unit| {
            let package = plan.package(&unit.package)?;
            Some(Job { unit, package, release: &plan.release })
        };
        let jobs: Vec<Job<'p>> = units.iter().filter_map(job).collect();
        let needs = jobs.first().map(|job| format.needs(job, source));
        Ok(needs.map(|needs| Self { jobs, format, needs }))
    }

    /// The units.
    fn units(&self) -> impl Iterator<Item = &'p Unit> {
        self.jobs.iter().map(|job| job.unit)
    }
}

/// What became of one job, unit by unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    units: Vec<(UnitRecord, Vec<Artifact>)>,
    /// What the units warn of.
    warnings: Vec<Diagnostic>,
    /// Why units failed.
    problems: Vec<(UnitId, Diagnostic)>,
    /// Text of `Cargo.lock` by package.
    locks: BTreeMap<String, String>,
    /// Licences of crates, by package.
    licenses: BTreeMap<String, Licenses>,
    /// What stops the whole build: a tool that should be there and is not, a disk that is full.
    broken: Option<Diagnostic>,
}

/// Builds every unit of `plan`, or those of one leg, into `dist`.
///
/// # Errors
/// When the plan has no such leg, a tool cannot be had, or a unit fails and nothing allows it to be
/// missing.
pub(crate) fn units(
    source: &Source,
    planned: &Planned,
    options: &Options,
    dist: &Folder,
    progress: &Arc<dyn Progress>,
) -> Result<Record, Failure> {
    let plan = &planned.plan;
    progress.event(&Event::Stage { name: "tools", units: 0 });
    let toolbox = Toolbox::open(options, progress)?;
    let tasks = tasks(source, plan, options)?;
    gather::gather(source, &tasks, &toolbox, workers(options))?;
    let count = tasks.iter().map(|task| task.jobs.len()).sum();
    progress.event(&Event::Stage { name: "build", units: count });
    let staging = staging::Staging::new(source, &tasks, &plan.release.tag, &toolbox)?;
    let compressor = Libdeflate::default();
    let builder = job::Builder {
        source,
        plan,
        formats: options.formats.builds,
        toolbox: &toolbox,
        staging: &staging,
        compressor: &compressor,
        dist,
        progress,
        allow_unlocked: options.allow_unlocked,
    };
    let done = schedule::run(&needs(&tasks), workers(options), |number, inputs: &[Done]| {
        tasks.get(number).map_or_else(Done::default, |task| builder.work(task, inputs))
    });
    let mut tools = toolbox.used();
    if compressor.was_used() {
        tools.push(Libdeflate::tool());
        tools.sort();
    }
    collect(source, planned, done.into_iter().flatten().collect(), tools, options, progress)
}

/// The commands that a build would run, unit by unit, on paths of this tree.
pub(crate) fn commands(
    source: &Source,
    plan: &Plan,
    options: &Options,
) -> Result<Vec<(UnitId, Vec<Invocation>)>, Failure> {
    let context = context::shown(source, options);
    let mut shown = Vec::new();
    for task in tasks(source, plan, options)? {
        let context = context::shown_for(&context, source, &task);
        let cargo = task.needs.cargo.as_ref();
        let question = cargo.map(|job| release::crates_question(job, &context));
        let mut lines: Vec<Invocation> = question.into_iter().collect();
        for job in &task.jobs {
            let fetches = task.format.fetches(job, source, &context);
            lines.extend(fetches.into_iter().map(|fetch| fetch.command));
        }
        lines.extend(task.format.commands(&task.jobs, source, &context));
        for job in &task.jobs {
            let checks = task.format.checks(job, &[], source, &context);
            lines.extend(checks.list.into_iter().map(|check| check.command));
        }
        if let Some(first) = task.units().next() {
            shown.push((first.id.clone(), lines));
        }
    }
    Ok(shown)
}

/// What nothing may be built from in `source`: what units of the plan would be built from, and what
/// none of them would.
pub(crate) fn withheld<'s>(
    source: &'s Source,
    plan: &Plan,
    options: &Options,
) -> Result<(Vec<&'s Withheld>, Vec<&'s Withheld>), Failure> {
    let withheld = source.withheld()?;
    if withheld.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let tasks = tasks(source, plan, options)?;
    let needs = || tasks.iter().map(|task| &task.needs);
    let from_tree = needs().filter(|it| it.staged || it.sources);
    let folders = from_tree.flat_map(|needs| std::iter::once(&needs.project).chain(&needs.folders));
    let folders = folders.chain(needs().flat_map(|needs| &needs.files));
    let projects: BTreeSet<&str> = folders.map(String::as_str).collect();
    let is_needed = |one: &&Withheld| projects.iter().any(|project| one.overlaps(project));
    Ok(withheld.iter().partition(is_needed))
}

/// The tasks of the plan, or of the leg that is asked for.
fn tasks<'p>(source: &Source, plan: &'p Plan, options: &Options) -> Result<Vec<Task<'p>>, Failure> {
    let tasks =
        jobs(plan, options)?.into_iter().map(|units| Task::of(&units, source, plan, options));
    Ok(tasks.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The jobs of the plan, or of the leg that is asked for. What one call of a compiler builds stands
/// in one leg, so a job is in a leg as a whole.
fn jobs<'p>(plan: &'p Plan, options: &Options) -> Result<Vec<Vec<&'p Unit>>, Failure> {
    let mut jobs = release::jobs(plan, options.formats.plans);
    let Some(number) = options.leg else { return Ok(jobs) };
    let Some(leg) = plan.legs.iter().find(|leg| leg.number == number) else {
        let message =
            format!("leg {number} is not in the plan, which has {} in all", plan.legs.len());
        let help = "give the same `--max-legs` and the same selection as to `plan`";
        return Err(Failure::usage(
            Diagnostic::new(&release::codes::LEG_UNKNOWN, message).help(help),
        ));
    };
    let own: BTreeSet<&UnitId> = leg.units.iter().collect();
    jobs.retain(|units| units.iter().any(|unit| own.contains(&unit.id)));
    Ok(jobs)
}

fn needs(tasks: &[Task<'_>]) -> Vec<Vec<usize>> {
    let mut task_of = BTreeMap::new();
    for (number, task) in tasks.iter().enumerate() {
        task_of.extend(task.units().map(|unit| (&unit.id, number)));
    }
    let needs = |task: &Task<'_>| {
        let needs = task.units().flat_map(|unit| &unit.needs);
        needs.filter_map(|need| task_of.get(need).copied()).collect()
    };
    tasks.iter().map(needs).collect()
}

fn workers(options: &Options) -> usize {
    /// More jobs at once than this only take memory from each other's compilers.
    const MAX_JOBS: usize = 4;
    match options.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from).min(MAX_JOBS),
        jobs => jobs,
    }
}

fn collect(
    source: &Source,
    Planned { plan, warnings, .. }: &Planned,
    done: Vec<Done>,
    tools: Vec<ToolUse>,
    options: &Options,
    progress: &Arc<dyn Progress>,
) -> Result<Record, Failure> {
    let units = |job: &Done| job.units.iter().map(|(unit, _)| unit.id.clone()).collect();
    let broken: Vec<(Vec<UnitId>, Diagnostic)> =
        done.iter().filter_map(|job| Some((units(job), job.broken.clone()?))).collect();
    if !broken.is_empty() {
        let problems = model::Diagnostics(failures::once(broken)).sorted();
        return Err(Failure { kind: Kind::Unable, problems });
    }
    let mut by_unit: BTreeMap<UnitId, (UnitRecord, Vec<Artifact>)> = BTreeMap::new();
    let mut locks = BTreeMap::new();
    let mut licenses: BTreeMap<String, Licenses> = BTreeMap::new();
    let mut problems = BTreeMap::new();
    let mut warned: BTreeSet<DiagnosticRecord> = warnings.0.iter().map(Into::into).collect();
    for job in done {
        warned.extend(job.warnings.iter().map(Into::into));
        problems.extend(job.problems);
        locks.extend(job.locks);
        for (package, more) in job.licenses {
            licenses.entry(package).or_default().extend(more);
        }
        for (record, artifacts) in job.units {
            by_unit.insert(record.id.clone(), (record, artifacts));
        }
    }
    let mut units = Vec::new();
    let mut artifacts = Vec::new();
    for unit in &plan.units {
        if let Some((record, built)) = by_unit.remove(&unit.id) {
            units.push(record);
            artifacts.extend(built);
        }
    }
    let failed = units.iter().filter_map(|unit| problems.remove_entry(&unit.id)).collect();
    judge(&units, Failures::of(failed, plan, source), options, progress)?;
    artifacts.sort_by(|a: &Artifact, b: &Artifact| a.file.path.cmp(&b.file.path));
    Ok(Record {
        schema: Record::SCHEMA.to_owned(),
        plan: plan.clone(),
        source: source.facts().clone(),
        units,
        warnings: warned.into_iter().collect(),
        artifacts,
        tools,
        locks,
        licenses,
    })
}

/// Whether a build whose units ended like this may go on.
fn judge(
    units: &[UnitRecord],
    failures: Failures,
    options: &Options,
    progress: &Arc<dyn Progress>,
) -> Result<(), Failure> {
    if !options.allow_missing {
        failures.failure()?;
        return failures::nothing_built(units);
    }
    for cause in failures.causes() {
        progress.event(&Event::Problem(cause));
    }
    // Another leg may have built something.
    if options.leg.is_some() { Ok(()) } else { failures::nothing_built(units) }
}
