//! What cargo says about a job's crates before it compiles them: is their lock in step with the
//! manifests, and which licences do they have.
//!
//! cargo is always told `--locked`. A lock that merely lists more than the tree needs is settled in
//! the staged copy and used, with a note; one that would gain or change a version stops the unit.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use format::BuildContext;
use model::{Diagnostic, Invocation};
use tools::Output;

use super::Task;
use super::job::Crew;
use super::outcome::{Learned, Stop, Trouble};
use crate::codes;
use crate::progress::Event;

impl Crew<'_> {
    /// Asks cargo about the crates of `task`, and settles their lock if need be; nothing for tasks
    /// without Rust. Jobs of one workspace share its lock, so they take turns.
    pub(super) fn learn(
        &self,
        task: &Task<'_>,
        site: &BuildContext,
    ) -> Result<Option<Learned>, Trouble> {
        let Some(cargo) = &task.needs.cargo else { return Ok(None) };
        let question = release::crates_question(cargo, site);
        let mut settled = self.ground.settled();
        let answer = match self.bench.run(&question, site.offline) {
            Err(error) if error.is_locked() => {
                let (workspace, note) = self.settle(site)?;
                for unit in task.units().take(1) {
                    self.progress.event(&Event::Note(&format!("{}: {note}", unit.id)));
                }
                settled.insert(workspace, note);
                self.ask(&question, site)?
            }
            answer => answer.map_err(|error| Trouble::Command(error, Box::new(question)))?,
        };
        let crates = release::read_crates(&answer.stdout).map_err(Stop::Broken)?;
        let workspace = PathBuf::from(crates.workspace);
        let lock = read_lock(&workspace.join(LOCK)).map_err(Stop::Broken)?;
        Ok(Some(Learned {
            note: settled.get(&workspace).cloned(),
            lock: lock.unwrap_or_default(),
            licenses: crates.licenses,
        }))
    }

    /// Brings the lock of the staged copy in step. Gives its workspace, and what was done to it.
    fn settle(&self, site: &BuildContext) -> Result<(PathBuf, String), Trouble> {
        let root = self.ask(&release::workspace_question(site), site)?;
        let root = PathBuf::from(String::from_utf8_lossy(&root.stdout).trim());
        let workspace = root.parent().unwrap_or(Path::new(&site.crate_folder)).to_owned();
        let path = workspace.join(LOCK);
        let before = read_lock(&path).map_err(Stop::Broken)?;
        self.ask(&release::update_lock(site), site)?;
        let after = read_lock(&path).map_err(Stop::Broken)?.unwrap_or_default();
        let judged = match &before {
            Some(before) => release::pruned_crates(before, &after),
            None => Err(no_lock()),
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

    /// Runs `invocation` at `site`.
    pub(super) fn ask(
        &self,
        invocation: &Invocation,
        site: &BuildContext,
    ) -> Result<Output, Trouble> {
        let answer = self.bench.run(invocation, site.offline);
        answer.map_err(|error| Trouble::Command(error, Box::new(invocation.clone())))
    }
}

const LOCK: &str = "Cargo.lock";

fn no_lock() -> Diagnostic {
    Diagnostic::new(&codes::LOCK_MISSING, "the tree has no `Cargo.lock`")
        .help("commit `Cargo.lock`, or allow a build without it with `--allow-unlocked`")
}

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
