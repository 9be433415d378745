//! Staged copies of the tree, and out folders.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use format::Needs;
use model::{Diagnostic, Digest};

use super::Task;
use crate::codes;
use crate::source::Source;
use crate::stage::{self, Clock, Scratch};
use crate::toolbox::{Toolbox, text};

/// The staged copies and out folders of one build.
pub(crate) struct Staging {
    scratch: Scratch,
    /// Copies that were made already, by their names.
    made: Mutex<BTreeMap<String, PathBuf>>,
    /// What was done to the lock of each workspace; held while one is asked about.
    pruned: Mutex<BTreeMap<PathBuf, String>>,
    /// Projects that hold other projects: a backend that sweeps its folder would sweep theirs.
    outer: Vec<String>,
    /// The release's tag.
    tag: String,
    /// Tags that tools ask for besides, below the folder of the tree.
    more_tags: Vec<String>,
    /// Held while this tree is built, so that two builds of it take turns.
    _lock: File,
}

impl Staging {
    /// An empty one for the tree. Its path depends on the tree's, so that cargo finds what it
    /// built there before.
    pub(crate) fn new(
        source: &Source,
        tasks: &[Task<'_>],
        tag: &str,
        toolbox: &Toolbox,
    ) -> Result<Self, Diagnostic> {
        let name = Digest::of(text(source.root()).as_bytes()).short();
        let lock = toolbox.cache().lock(&format!("work-{name}"), || ());
        let lock = lock.map_err(|error| error.problem())?;
        let scratch = Scratch::at(&toolbox.cache().paths().work().join(name))?;
        let needs = tasks.iter().map(|task| &task.needs);
        let more_tags = needs.clone().flat_map(|needs| &needs.tags).cloned().collect();
        let paths: Vec<&str> =
            needs.filter(|needs| needs.sweeps).map(|needs| needs.project.as_str()).collect();
        let holds = |outer: &&&str| {
            let inside = |path: &&str| path.starts_with(&format!("{outer}/"));
            **outer == "." || paths.iter().any(inside)
        };
        let outer = paths.iter().filter(holds).map(|path| (*path).to_owned()).collect();
        Ok(Self {
            scratch,
            made: Mutex::default(),
            pruned: Mutex::default(),
            outer,
            tag: tag.to_owned(),
            more_tags,
            _lock: lock,
        })
    }

    /// What was done to the lock of each workspace; others wait while the guard is held.
    pub(super) fn pruned(&self) -> MutexGuard<'_, BTreeMap<PathBuf, String>> {
        self.pruned.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Where the copies lie.
    pub(super) fn path(&self) -> &Path {
        self.scratch.path()
    }

    /// An out folder of its own for a job.
    pub(crate) fn out(&self, job: &str) -> Result<Scratch, Diagnostic> {
        Scratch::at(&self.scratch.path().join("out").join(job.replace('/', "-")))
    }

    /// The tree as it was written for this build, in which nothing is built.
    pub(crate) fn pristine(&self, source: &Source) -> Result<PathBuf, Diagnostic> {
        let mut made = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.written(source, &mut made)
    }

    fn written(
        &self,
        source: &Source,
        made: &mut BTreeMap<String, PathBuf>,
    ) -> Result<PathBuf, Diagnostic> {
        const NAME: &str = "pristine";
        if let Some(path) = made.get(NAME) {
            return Ok(path.clone());
        }
        let path = source.write(&self.scratch.path().join(NAME))?;
        made.insert(NAME.to_owned(), path.clone());
        Ok(path)
    }

    /// The staged copy in which something with these needs is built.
    pub(crate) fn tree(&self, source: &Source, needs: &Needs) -> Result<PathBuf, Diagnostic> {
        let project = needs.project.as_str();
        let (name, clock) = if needs.cargo.is_some() {
            // cargo judges by time whether it must compile again.
            ("cargo".to_owned(), Clock::Now)
        } else if needs.given {
            // What goes into an image holds no repository unless it asks for it.
            (if needs.git { "context-git" } else { "context" }.to_owned(), Clock::Epoch)
        } else if needs.stamps {
            ("stamped".to_owned(), Clock::Epoch)
        } else if self.outer.iter().any(|outer| outer == project) {
            (format!("own-{}", project.replace('/', "-")), Clock::Epoch)
        } else {
            ("tree".to_owned(), Clock::Epoch)
        };
        let mut made = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(path) = made.get(&name) {
            return Ok(path.clone());
        }
        let written = self.written(source, &mut made)?;
        let top = self.scratch.path().join(&name);
        let path = top.join(source.prefix()?);
        stage::copy(source, &written, &path, clock)?;
        if needs.git && (source.facts().commit.is_none() || !source.prefix()?.is_empty()) {
            return Err(no_repository());
        }
        let prefix = source.prefix()?;
        let mut tags = vec![self.tag.clone()];
        if needs.stamps {
            tags.extend(self.more_tags.iter().map(|tag| format!("{prefix}{tag}")));
        }
        if needs.git {
            source.write_whole_repository(&top, &tags)?;
        } else if !needs.given {
            source.write_repository(&top, &tags)?;
        }
        made.insert(name, path.clone());
        Ok(path)
    }
}

fn no_repository() -> Diagnostic {
    let message = "an image asks for the repository, and its tree is not the root of one";
    let help = "build it in a checkout, with `package-actions.toml` at its root, or remove `git`";
    Diagnostic::new(&codes::GIT_CONTEXT, message).help(help)
}
