//! The repository on disk: which files belong to it, and which commit they are.
//!
//! Reads the tree, never writes into it. Knows nothing of packages or formats.

mod git;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use crate::codes;
use model::{Class, Diagnostic, Diagnostics, Found, Location, ReleaseFacts, Tree};
use release::CONFIG_FILE;
use texts::Texts;

/// 1980-01-01, the first time that a zip archive can hold: the epoch without git.
pub(crate) const EPOCH_WITHOUT_GIT: u64 = 315_532_800;

/// A repository's folder, and the files that belong to it.
#[derive(Debug)]
pub struct Source {
    texts: Texts,
    listed: Listed,
}

/// The files that belong to a tree, sorted, and its commit.
#[derive(Debug)]
struct Listed {
    files: Vec<String>,
    facts: ReleaseFacts,
}

/// The tree while its files are still being listed: who asks for them waits.
struct Early<'s> {
    texts: &'s Texts,
    listed: &'s OnceLock<Result<Listed, Diagnostic>>,
}

impl Source {
    /// Lists the files of the tree at `root`: what git tracks, and what it does not know yet but
    /// does not ignore; without git, all but what `.gitignore` files name. `dist/` is never part.
    ///
    /// # Errors
    /// When the folder cannot be read, or git is there and does not answer.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        Self::open_beside(root, |_| ()).map(|(source, ())| source)
    }

    /// The same, while `work` already reads the tree's texts: git and the manifests of a large
    /// tree take about the same time.
    ///
    /// # Errors
    /// As [`Source::open`]: what `work` made of a tree that could not be listed is dropped.
    pub(crate) fn open_beside<T>(
        root: &Path,
        work: impl FnOnce(&dyn Tree) -> T,
    ) -> Result<(Self, T), Diagnostic> {
        let texts = Texts::below(real(root)?);
        let listed = OnceLock::new();
        let done = thread::scope(|scope| {
            scope.spawn(|| listed.get_or_init(|| Listed::of(texts.root())));
            work(&Early { texts: &texts, listed: &listed })
        });
        let broken = || Err(unreadable("listing it was broken off"));
        let listed = listed.into_inner().unwrap_or_else(broken)?;
        Ok((Self { texts, listed }, done))
    }

    /// The folder, as the system spells it.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.texts.root()
    }

    /// The files that belong to it, sorted.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.listed.files
    }

    /// What a person should know about its commit before it is released under `tag`.
    pub(crate) fn notes(&self, tag: &str) -> Vec<String> {
        let facts = self.facts();
        let mut notes = facts.notes.clone();
        if facts.dirty {
            let state = "the tree differs from its commit: the release says so";
            notes.push(format!("{state}, and `publish` refuses it"));
        }
        if let Some(other) = elsewhere(self.root(), tag, facts) {
            let state = format!("the tag `{tag}` is on another commit, {other}");
            notes.push(format!("{state}: `publish` refuses what is built from this one"));
        }
        notes
    }

    /// Its commit, time and state.
    #[must_use]
    pub fn facts(&self) -> &ReleaseFacts {
        &self.listed.facts
    }
}

/// Problems with a tree's configuration, with the folder above it that has one, where it has none.
pub(crate) fn above(mut problems: Diagnostics, dir: &Path) -> Diagnostics {
    let folder = real(dir).unwrap_or_default();
    let is_missing = |problem: &&mut Diagnostic| {
        problem.code.class == Class::Absent && problem.location == Some(Location::file(CONFIG_FILE))
    };
    let file =
        folder.ancestors().skip(1).map(|above| above.join(CONFIG_FILE)).find(|it| it.is_file());
    if let (Some(problem), Some(file)) = (problems.0.iter_mut().find(is_missing), file) {
        problem.help = Some(format!("there is `{}`: name that folder", file.display()));
    }
    problems
}

impl Tree for Source {
    fn find(&self, path: &str) -> Found {
        self.texts.find(path)
    }

    fn look(&self, path: &str) -> Found {
        self.texts.look(path)
    }

    fn files(&self) -> Vec<String> {
        self.listed.files.clone()
    }
}

impl Tree for Early<'_> {
    fn find(&self, path: &str) -> Found {
        self.texts.find(path)
    }

    fn look(&self, path: &str) -> Found {
        self.texts.look(path)
    }

    fn files(&self) -> Vec<String> {
        let listed = self.listed.get_or_init(|| Listed::of(self.texts.root()));
        // Why it failed is told by `open_beside`, which then drops what came of this.
        listed.as_ref().map(|listed| listed.files.clone()).unwrap_or_default()
    }
}

impl Listed {
    fn of(root: &Path) -> Result<Self, Diagnostic> {
        let (mut files, facts) = match git::look(root)? {
            Some(checkout) => (checkout.files, checkout.facts),
            None => (walk(root)?, without_git()),
        };
        files.retain(|path| belongs(path));
        files.sort();
        files.dedup();
        Ok(Self { files, facts })
    }
}

/// The commit that `tag` is on in the repository around `root`, where it is another one than that
/// of `facts`.
pub(crate) fn elsewhere(root: &Path, tag: &str, facts: &ReleaseFacts) -> Option<String> {
    let ours = facts.commit.as_ref()?;
    git::tagged(root, tag, ours).filter(|tagged| tagged != ours)
}

fn real(root: &Path) -> Result<PathBuf, Diagnostic> {
    root.canonicalize().ok().filter(|real| real.is_dir()).ok_or_else(|| {
        Diagnostic::new(&codes::TREE_MISSING, format!("`{}` is not a folder", root.display()))
            .help("name the folder that holds `package-actions.toml`")
    })
}

/// What a build leaves behind is not source, wherever it lies at the root.
fn belongs(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or_default();
    !(top == "dist" || top.starts_with(".dist.") || top == ".git")
}

fn without_git() -> ReleaseFacts {
    ReleaseFacts {
        commit: None,
        dirty: false,
        epoch: EPOCH_WITHOUT_GIT,
        notes: vec!["no git: times are 1980-01-01, build backends are not held still".to_owned()],
    }
}

fn walk(root: &Path) -> Result<Vec<String>, Diagnostic> {
    let mut files = Vec::new();
    let walker = ignore::WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .filter_entry(|entry| !JUNK.iter().any(|junk| entry.file_name() == *junk))
        .build();
    for entry in walker {
        let entry = entry.map_err(|error| unreadable(&error.to_string()))?;
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
        match inside.to_str() {
            Some(path) => files.push(path.replace(std::path::MAIN_SEPARATOR, "/")),
            None => return Err(unreadable(&format!("`{}` is not UTF-8", inside.display()))),
        }
    }
    Ok(files)
}

/// Folders that no repository means to ship, skipped where no git can say so.
const JUNK: [&str; 6] = [".git", "__pycache__", "node_modules", ".venv", ".tox", "target"];

fn unreadable(why: &str) -> Diagnostic {
    Diagnostic::new(&model::codes::TREE_UNREADABLE, format!("the tree cannot be read: {why}"))
        .help("make every file of the tree readable, or let `.gitignore` name it")
}
