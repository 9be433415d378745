//! One job: its commands run, its outputs turned into artifacts, its files written.

use std::collections::BTreeMap;
use std::fs;
use std::mem::take;
use std::path::Path;
use std::sync::Arc;

use archive::Entry;
use format::{
    BuildContext, Builds, ENGINE, FetchedFile, Ingredients, Job, Needed, Offered, Product,
};
use model::limits::MAX_UNPACKED_BYTES;
use model::{Artifact, Diagnostic, Invocation, Plan, Unit, UnitRecord, UnitStatus};
use tools::{RunError, ToolError};
use verify::Dist as _;

use super::outcome::{JobError, Learned, Stop};
use super::{Done, Task, context, failures, reason, staging};
use crate::codes;
use crate::compress::Libdeflate;
use crate::folder::Folder;
use crate::progress::{Event, Progress};
use crate::source::Source;
use crate::stage;
use crate::toolbox::{Toolbox, Unavailable, text};

/// What every job shares.
pub(crate) struct Builder<'a> {
    pub(crate) source: &'a Source,
    pub(crate) plan: &'a Plan,
    pub(crate) formats: &'static [&'static dyn Builds],
    pub(crate) toolbox: &'a Toolbox,
    pub(crate) staging: &'a staging::Staging,
    pub(crate) compressor: &'a Libdeflate,
    pub(crate) dist: &'a Folder,
    pub(crate) progress: &'a Arc<dyn Progress>,
    pub(crate) allow_unlocked: bool,
}

/// What a job's commands left.
struct Work {
    context: BuildContext,
    outputs: Vec<Entry>,
    fetched: Vec<FetchedFile>,
    learned: Option<Learned>,
    /// What the manifest says of how they were run.
    note: Option<String>,
}

impl Builder<'_> {
    /// Does `task`; `inputs` is what became of the tasks it needs.
    pub(crate) fn work(&self, task: &Task<'_>, inputs: &[Done]) -> Done {
        for unit in task.units() {
            self.progress.event(&Event::Started(&unit.id));
        }
        let mut done = Done::default();
        match self.prepare(task, inputs) {
            Ok(mut work) => {
                for (at, job) in task.jobs.iter().enumerate() {
                    // Images are large: the last unit takes the outputs as they are.
                    let last = at + 1 == task.jobs.len();
                    let outputs = if last { take(&mut work.outputs) } else { work.outputs.clone() };
                    let built = self.unit(task, job, &work, outputs, inputs);
                    self.end(job.unit, built, &mut done);
                    if let Some(learned) = &work.learned {
                        let package = || job.unit.package.clone();
                        done.locks.insert(package(), learned.lock.clone());
                        done.licenses.insert(package(), learned.licenses.clone());
                    }
                }
            }
            Err(stop) => {
                for unit in task.units() {
                    self.end(unit, Err(stop.again()), &mut done);
                }
            }
        }
        done
    }

    /// Runs the task's commands, once for all of its units.
    fn prepare(&self, task: &Task<'_>, inputs: &[Done]) -> Result<Work, Stop> {
        for unit in task.units() {
            missing_need(unit, inputs)?;
        }
        let needs = &task.needs;
        let tree = if needs.staged {
            self.staging.tree(self.source, needs).map_err(Stop::Broken)?
        } else {
            self.source.root().to_owned()
        };
        let mut first: Option<Diagnostic> = None;
        let worked = self.toolbox.attempt(&needs.tools, |offline| {
            match self.run(task, &tree, offline, inputs) {
                Ok(work) => Ok(Ok(work)),
                Err(JobError::Stop(stop)) => Ok(Err(stop)),
                Err(JobError::Command(error, invocation)) => {
                    // The first failure is the cause; offline, the cache merely lacks something.
                    first.get_or_insert_with(|| failed(&error, &invocation, &tree, self.source));
                    Err(ToolError::Run(error))
                }
            }
        });
        worked.unwrap_or_else(|error| {
            let problem = first.unwrap_or_else(|| error.problem());
            if *problem.code == tools::codes::CACHE_FULL {
                return Err(Stop::Broken(problem));
            }
            let words = &problem.message;
            let advice = task.jobs.first().and_then(|job| task.format.advice(job, words));
            let place = failures::place(words, &needs.project, self.source);
            let (help, location) = (advice.or(problem.help), place.or(problem.location));
            Err(Stop::Failed(Diagnostic { help, location, ..problem }))
        })
    }

    fn run(
        &self,
        task: &Task<'_>,
        tree: &Path,
        offline: bool,
        inputs: &[Done],
    ) -> Result<Work, JobError> {
        let Task { jobs, format, needs } = task;
        let name = task.units().next().map_or("", |unit| &unit.id.0);
        let out = self.staging.out(name).map_err(Stop::Broken)?;
        let attempt = context::Attempt { tree, out: out.path(), offline };
        let context = match context::of(self.source, needs, self.toolbox, &attempt) {
            Err(Unavailable::NotHere(_)) if needs.only_to_check => BuildContext::default(),
            context => context.map_err(Stop::from)?,
        };
        let learned = self.learn(task, &context)?;
        if needs.given {
            let needed = task.units().flat_map(|unit| artifacts_of(unit, inputs));
            self.hand_in(&needed.collect::<Vec<_>>(), &out).map_err(Stop::Broken)?;
        }
        let fetched = self.fetch(task, &context, out.path())?;
        let mut note = None;
        if let Err(error) = self.commands(task, &context) {
            note = Some(self.without_date(task, &context, error)?);
        }
        let outputs = collect(out.path(), &format.outputs(jobs, &context));
        Ok(Work { outputs: outputs.map_err(Stop::Broken)?, context, fetched, learned, note })
    }

    /// Runs the commands of `task`.
    pub(super) fn commands(&self, task: &Task<'_>, context: &BuildContext) -> Result<(), JobError> {
        for command in task.format.commands(&task.jobs, self.source, context) {
            if task.needs.tools.contains(&ENGINE) {
                self.ask_engine(&task.needs.secrets, &command)?;
            } else {
                self.ask(&command, context)?;
            }
        }
        Ok(())
    }

    fn unit(
        &self,
        task: &Task<'_>,
        job: &Job<'_>,
        work: &Work,
        outputs: Vec<Entry>,
        inputs: &[Done],
    ) -> Result<Product, Stop> {
        let facts = self.source.facts();
        let mut ingredients = Ingredients {
            outputs,
            epoch: facts.epoch,
            commit: facts.commit.clone().unwrap_or_default(),
            fetched: work.fetched.clone(),
            ..Ingredients::default()
        };
        if task.needs.sources {
            let tree = self.staging.pristine(self.source).map_err(Stop::Broken)?;
            let sources = stage::entries(self.source, &tree, &task.needs.project);
            ingredients.sources = sources.map_err(Stop::Failed)?;
            for folder in &task.needs.folders {
                let files = stage::entries(self.source, &tree, folder).map_err(Stop::Failed)?;
                ingredients.folders.insert(folder.clone(), files);
            }
        }
        for name in &task.needs.data {
            ingredients.data.push(self.toolbox.data(name).map_err(Stop::from)?);
        }
        if !task.needs.files.is_empty() {
            let tree = self.staging.pristine(self.source).map_err(Stop::Broken)?;
            for path in &task.needs.files {
                let picked = stage::picked(self.source, &tree, path).map_err(Stop::Failed)?;
                ingredients.files.insert(path.clone(), picked);
            }
        }
        let needed = artifacts_of(job.unit, inputs);
        for artifact in &needed {
            let offered = self.offered(artifact);
            // What the commands were given, they have used already.
            let used = task.needs.given;
            let files = if used { Ok(BTreeMap::new()) } else { self.read_all(artifact) };
            let files = files.map_err(Stop::Broken)?;
            ingredients.needed.push(Needed { artifact, offered, files });
        }
        let product = task.format.finish(job, ingredients, self.compressor);
        let mut product = product.map_err(Stop::Failed)?;
        let note = work.learned.as_ref().and_then(|learned| learned.note.as_ref());
        for artifact in &mut product.artifacts {
            artifact.notes.extend(note.cloned());
            artifact.notes.extend(work.note.clone());
        }
        self.warn(job.unit, &mut product);
        self.check(task, job, &work.context, &mut product)?;
        write(&product, self.dist).map_err(Stop::Broken)?;
        // They may be large, and are on the disk now.
        product.files.clear();
        Ok(product)
    }

    /// Tells what `unit` warns of, and keeps that it is of this unit.
    fn warn(&self, unit: &Unit, product: &mut Product) {
        let of_unit = |warning: Diagnostic| warning.of_units(vec![unit.id.clone()]);
        product.warnings = take(&mut product.warnings).into_iter().map(of_unit).collect();
        for warning in &product.warnings {
            self.progress.event(&Event::Problem(warning));
        }
    }

    /// What `artifact` is for other formats.
    pub(super) fn offered(&self, artifact: &Artifact) -> Option<Offered<'_>> {
        let format = <dyn Builds>::of(self.formats, artifact.format).ok()?;
        format.offered(self.plan.package(&artifact.package)?, artifact)
    }

    fn read_all(&self, artifact: &Artifact) -> Result<BTreeMap<String, Vec<u8>>, Diagnostic> {
        let mut files = BTreeMap::new();
        for file in std::iter::once(&artifact.file).chain(&artifact.files) {
            files.insert(file.path.clone(), self.dist.read(&file.path, MAX_UNPACKED_BYTES)?);
        }
        Ok(files)
    }

    fn end(&self, unit: &Unit, built: Result<Product, Stop>, done: &mut Done) {
        let (status, reason, artifacts) = match built {
            Ok(product) => {
                done.warnings.extend(product.warnings);
                (UnitStatus::Built, String::new(), product.artifacts)
            }
            Err(Stop::NotHere(reason)) => (UnitStatus::NotBuilt, reason, Vec::new()),
            Err(Stop::Failed(problem)) => {
                let reason = self.reason(&problem);
                done.problems.push((unit.id.clone(), problem));
                (UnitStatus::Failed, reason, Vec::new())
            }
            Err(Stop::Broken(problem)) => {
                let reason = problem.message.clone();
                done.broken = Some(problem);
                (UnitStatus::Failed, reason, Vec::new())
            }
        };
        self.progress.event(&Event::Ended { id: &unit.id, status, reason: &reason });
        done.units.push((UnitRecord { id: unit.id.clone(), status, reason }, artifacts));
    }

    /// The problem's words, without the paths of this machine.
    pub(super) fn reason(&self, problem: &Diagnostic) -> String {
        let folders = [
            (self.staging.path(), "<work>"),
            (self.toolbox.cache().paths().root.as_path(), "<cache>"),
            (self.source.root(), "<tree>"),
        ];
        reason::of(problem, &folders)
    }
}

/// Why a command of a unit failed. The command is shown as it would run in the tree itself: the
/// staged copy at `tree` will be gone.
fn failed(error: &RunError, invocation: &Invocation, tree: &Path, source: &Source) -> Diagnostic {
    let words = error.reason(invocation);
    let problem = match error {
        _ if error.is_no_room() => {
            let message = format!("the cache's disk is full: {words}");
            Diagnostic::new(&tools::codes::CACHE_FULL, message).help(tools::codes::MAKE_ROOM)
        }
        RunError::Failed { .. } => Diagnostic::new(&tools::codes::COMMAND_FAILED, words),
        other => other.problem(),
    };
    let mut problem = error.with_context(problem);
    if let Some(context) = &mut problem.context {
        context.command = context.command.replace(&text(tree), &text(source.root()));
    }
    problem
}

pub(super) fn write(product: &Product, folder: &Folder) -> Result<(), Diagnostic> {
    for file in &product.files {
        folder.write(&file.path, &file.bytes, file.executable)?;
    }
    Ok(())
}

fn missing_need(unit: &Unit, inputs: &[Done]) -> Result<(), Stop> {
    let records = inputs.iter().flat_map(|done| &done.units).map(|(record, _)| record);
    let missing = records
        .filter(|record| unit.needs.contains(&record.id))
        .find(|record| record.status != UnitStatus::Built);
    match missing {
        None => Ok(()),
        Some(record) => Err(Stop::NotHere(release::need_is_missing(&record.id))),
    }
}

fn artifacts_of(unit: &Unit, inputs: &[Done]) -> Vec<Artifact> {
    let built = inputs.iter().flat_map(|done| &done.units);
    let mut artifacts: Vec<Artifact> = built
        .filter(|(record, _)| unit.needs.contains(&record.id))
        .flat_map(|(_, artifacts)| artifacts.clone())
        .collect();
    artifacts.sort_by(|a, b| (&a.unit, &a.file.path).cmp(&(&b.unit, &b.file.path)));
    artifacts
}

/// The files that commands left in `out`, and those that `named` says lie elsewhere.
fn collect(out: &Path, named: &[(String, String)]) -> Result<Vec<Entry>, Diagnostic> {
    let failed = |path: &Path, error: std::io::Error| {
        let message = format!("cannot read the output `{}`: {error}", path.display());
        Diagnostic::new(&codes::OUTPUT_UNREADABLE, message)
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(out).map_err(|error| failed(out, error))? {
        let entry = entry.map_err(|error| failed(out, error))?;
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            files.insert(entry.file_name().to_string_lossy().into_owned(), entry.path());
        }
    }
    files.extend(named.iter().map(|(name, path)| (name.clone(), path.into())));
    let mut outputs = Vec::new();
    for (name, path) in files {
        let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
        outputs.push(Entry { path: name, bytes, executable: false });
    }
    Ok(outputs)
}
