//! Builds a plan's units: tools, staged copies, commands, and their outputs into `dist/`.
//!
//! Which commands, and what outputs become, is asked of `release`.

mod crates;
mod engine;
mod gather;
mod job;
mod reason;
mod site;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{
    Artifact, ArtifactKind, Diagnostic, Invocation, Plan, Recipe, Unit, UnitId, UnitRecord,
    UnitStatus,
};
use release::{Licenses, Record};

use crate::codes;
use crate::compress::Libdeflate;
use crate::folder::Folder;
use crate::options::{Failure, Kind, Options};
use crate::progress::{Event, Progress};
use crate::schedule;
use crate::source::Source;
use crate::toolbox::Bench;

/// What became of one job, unit by unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    units: Vec<(UnitRecord, Vec<Artifact>)>,
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
    plan: &Plan,
    options: &Options,
    dist: &Folder,
    progress: &Arc<dyn Progress>,
) -> Result<Record, Failure> {
    progress.event(&Event::Stage { name: "tools", units: 0 });
    let bench = Bench::open(options, progress)?;
    let jobs = jobs(plan, options)?;
    let units: Vec<&Unit> = jobs.iter().flatten().copied().collect();
    gather::gather(source, plan, &units, &bench, workers(options))?;
    progress.event(&Event::Stage { name: "build", units: units.len() });
    let ground = site::Ground::new(source, plan, &bench)?;
    let crew = job::Crew {
        source,
        plan,
        bench: &bench,
        ground: &ground,
        dist,
        progress,
        allow_unlocked: options.allow_unlocked,
    };
    let done = schedule::run(&needs(&jobs), workers(options), |number, inputs: &[Done]| {
        jobs.get(number).map_or_else(Done::default, |units| crew.work(units, inputs))
    });
    collect(source, plan, done.into_iter().flatten().collect(), &bench, options)
}

/// The commands that a build would run, unit by unit, on paths of this tree.
pub(crate) fn commands(
    source: &Source,
    plan: &Plan,
    options: &Options,
) -> Result<Vec<(UnitId, Vec<Invocation>)>, Failure> {
    let site = site::shown(source, options);
    let mut shown = Vec::new();
    for units in jobs(plan, options)? {
        let site = site::shown_for(&site, source, plan, &units);
        let question = units.first().and_then(|unit| release::crates_question(unit, &site));
        let mut lines: Vec<Invocation> = question.into_iter().collect();
        lines.extend(release::commands(plan, &units, &site));
        for unit in &units {
            lines.extend(release::checks(plan, unit, &site));
        }
        if let Some(first) = units.first() {
            shown.push((first.id.clone(), lines));
        }
    }
    Ok(shown)
}

/// The jobs of the plan, or of the leg that is asked for. What one call of cargo builds stands in
/// one leg, so a job is in a leg as a whole.
fn jobs<'p>(plan: &'p Plan, options: &Options) -> Result<Vec<Vec<&'p Unit>>, Failure> {
    let mut jobs = release::jobs(plan);
    let Some(number) = options.leg else { return Ok(jobs) };
    let Some(leg) = plan.legs.iter().find(|leg| leg.number == number) else {
        let message = format!("there is no leg {number}: the plan has {}", plan.legs.len());
        let help = "give the same `--max-legs` and the same selection as to `plan`";
        return Err(Failure::usage(
            Diagnostic::new(&release::codes::LEG_UNKNOWN, message).help(help),
        ));
    };
    let own: BTreeSet<&UnitId> = leg.units.iter().collect();
    jobs.retain(|units| units.iter().any(|unit| own.contains(&unit.id)));
    Ok(jobs)
}

fn needs(jobs: &[Vec<&Unit>]) -> Vec<Vec<usize>> {
    let mut job_of = BTreeMap::new();
    for (number, units) in jobs.iter().enumerate() {
        job_of.extend(units.iter().map(|unit| (&unit.id, number)));
    }
    let needs = |units: &Vec<&Unit>| {
        let needs = units.iter().flat_map(|unit| &unit.needs);
        needs.filter_map(|need| job_of.get(need).copied()).collect()
    };
    jobs.iter().map(needs).collect()
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
    plan: &Plan,
    done: Vec<Done>,
    bench: &Bench,
    options: &Options,
) -> Result<Record, Failure> {
    let broken: Vec<Diagnostic> = done.iter().filter_map(|job| job.broken.clone()).collect();
    if !broken.is_empty() {
        let problems = model::Diagnostics(broken).sorted();
        return Err(Failure { kind: Kind::Unable, problems });
    }
    let mut by_unit: BTreeMap<UnitId, (UnitRecord, Vec<Artifact>)> = BTreeMap::new();
    let mut locks = BTreeMap::new();
    let mut licenses: BTreeMap<String, Licenses> = BTreeMap::new();
    for job in done {
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
    if !options.allow_missing {
        failed(&units)?;
    }
    artifacts.sort_by(|a: &Artifact, b: &Artifact| a.file.path.cmp(&b.file.path));
    let mut tools = bench.used();
    let packed = |artifact: &Artifact| {
        let unit = plan.unit(&artifact.unit);
        artifact.kind == ArtifactKind::Image
            && unit.is_some_and(|unit| unit.recipe == Recipe::BinaryImage)
    };
    if artifacts.iter().any(packed) {
        tools.push(Libdeflate::tool());
        tools.sort();
    }
    Ok(Record {
        schema: Record::SCHEMA.to_owned(),
        plan: plan.clone(),
        source: source.facts().clone(),
        units,
        artifacts,
        tools,
        locks,
        licenses,
    })
}

fn failed(units: &[UnitRecord]) -> Result<(), Failure> {
    let failed = units.iter().filter(|unit| unit.status == UnitStatus::Failed);
    let problems: Vec<Diagnostic> = failed
        .map(|unit| {
            Diagnostic::new(&codes::UNIT_FAILED, format!("`{}` failed: {}", unit.id, unit.reason))
                .help("mend it, or leave it out with `--allow-missing`")
        })
        .collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure { kind: Kind::Unable, problems: model::Diagnostics(problems) })
}
