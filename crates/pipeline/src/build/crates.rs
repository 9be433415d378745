//! What cargo says about a job's crates before it compiles them: is their lock in step with the
//! manifests, and which licences do they have.
//!
//! cargo is always told `--locked`. A lock that merely lists more than the tree needs is pruned in
//! the staged copy and used, with a note; one that would gain or change a version stops the unit.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use format::BuildContext;
use model::{Diagnostic, Invocation};
use tools::Output;

use super::Task;
use super::demands::no_lock;
use super::job::Builder;
use super::outcome::{JobError, Learned, Stop};
use crate::codes;
use crate::progress::Event;

impl Builder<'_> {
    /// Asks cargo about the crates of `task`, and prunes their lock if need be; nothing for tasks
    /// without Rust. Jobs of one workspace share its lock, so they take turns.
    pub(super) fn learn(
        &self,
        task: &Task<'_>,
        context: &BuildContext,
    ) -> Result<Option<Learned>, JobError> {
        let Some(cargo) = &task.needs.cargo else { return Ok(None) };
        let question = release::crates_question(cargo, context);
        let mut pruned = self.staging.pruned();
        let answer = match self.toolbox.run(&question, context.offline) {
            Err(error) if error.is_locked() => {
                let (workspace, note) = self.prune(task, context)?;
                for unit in task.units().take(1) {
                    self.progress.event(&Event::Note(&format!("{}: {note}", unit.id)));
                }
                pruned.insert(workspace, note);
                self.ask(&question, context)?
            }
            answer => answer.map_err(|error| JobError::Command(error, Box::new(question)))?,
        };
        let crates = release::read_crates(&answer.stdout).map_err(Stop::Broken)?;
        let workspace = PathBuf::from(crates.workspace);
        let lock = read_lock(&workspace.join(LOCK)).map_err(Stop::Broken)?;
        Ok(Some(Learned {
            note: pruned.get(&workspace).cloned(),
            lock: lock.unwrap_or_default(),
            licenses: crates.licenses,
        }))
    }

    /// Brings the lock of the staged copy in step. Gives its workspace, and what was done to it.
    fn prune(
        &self,
        task: &Task<'_>,
        context: &BuildContext,
    ) -> Result<(PathBuf, String), JobError> {
        let root = self.ask(&release::workspace_question(context), context)?;
        let root = PathBuf::from(String::from_utf8_lossy(&root.stdout).trim());
        let workspace = root.parent().unwrap_or(Path::new(&context.crate_folder)).to_owned();
        let path = workspace.join(LOCK);
        let before = read_lock(&path).map_err(Stop::Broken)?;
        self.ask(&release::update_lock(context), context)?;
        let after = read_lock(&path).map_err(Stop::Broken)?.unwrap_or_default();
        let judged = match &before {
            Some(before) => release::pruned_crates(before, &after),
            None => Err(no_lock(&task.needs.project)),
        };
        match judged {
            Ok(gone) => {
                let count = gone.len();
                Ok((workspace, format!("Cargo.lock was pruned: {count} packages dropped")))
            }
            Err(problem) if self.allow_unlocked => {
                Ok((workspace, format!("built unlocked: {}", problem.message)))
            }
            Err(problem) => {
                // Every job of this workspace must find the same lock, and refuse.
                put_back(&path, before.as_deref()).map_err(Stop::Broken)?;
                Err(Stop::Failed(problem).into())
            }
        }
    }

    /// Runs `invocation` at `context`.
    pub(super) fn ask(
        &self,
        invocation: &Invocation,
        context: &BuildContext,
    ) -> Result<Output, JobError> {
        let answer = self.toolbox.run(invocation, context.offline);
        answer.map_err(|error| JobError::Command(error, Box::new(invocation.clone())))
    }
}

const LOCK: &str = "Cargo.lock";

fn read_lock(path: &Path) -> Result<Option<String>, Diagnostic> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(path, &error)),
    }
}

fn put_back(path: &Path, text: Option<&str>) -> Result<(), Diagnostic> {
    let done = match text {
        Some(text) => fs::write(path, text),
        None => fs::remove_file(path),
    };
    done.map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(&codes::LOCK_UNUSABLE, format!("`{}` cannot be used: {error}", path.display()))
}
