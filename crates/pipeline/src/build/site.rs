//! Where jobs are done: staged copies of the tree, out folders, and the variables of each tool.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use format::{BuildContext, CargoJob, ENGINE, Needs};
use model::{Diagnostic, Digest, Tree as _};
use tools::RustToolchain;

use super::Task;
use crate::options::Options;
use crate::source::Source;
use crate::stage::{self, Clock, Scratch};
use crate::toolbox::{Bench, Lack, text};

/// The staging ground of one build.
pub(crate) struct Ground {
    scratch: Scratch,
    /// Copies that were made already, by their names.
    made: Mutex<BTreeMap<String, PathBuf>>,
    /// What was done to the lock of each workspace; held while one is asked about.
    settled: Mutex<BTreeMap<PathBuf, String>>,
    /// Projects that hold other projects: a backend that sweeps its folder would sweep theirs.
    outer: Vec<String>,
    /// Held while this tree is built, so that two builds of it take turns.
    _lock: File,
}

impl Ground {
    /// An empty ground for the tree. Its path depends on the tree's, so that cargo finds what it
    /// built there before.
    pub(crate) fn new(
        source: &Source,
        tasks: &[Task<'_>],
        bench: &Bench,
    ) -> Result<Self, Diagnostic> {
        let name = Digest::of(text(source.root()).as_bytes()).short();
        let lock = bench.cache().lock(&format!("work-{name}"), || ());
        let lock = lock.map_err(|error| error.problem())?;
        let scratch = Scratch::at(&bench.cache().paths().work().join(name))?;
        let needs = tasks.iter().map(|task| &task.needs);
        let paths: Vec<&str> =
            needs.filter(|needs| needs.sweeps).map(|needs| needs.project.as_str()).collect();
        let holds = |outer: &&&str| {
            let inside = |path: &&str| path.starts_with(&format!("{outer}/"));
            **outer == "." || paths.iter().any(inside)
        };
        let outer = paths.iter().filter(holds).map(|path| (*path).to_owned()).collect();
        Ok(Self { scratch, made: Mutex::default(), settled: Mutex::default(), outer, _lock: lock })
    }

    /// What was done to the lock of each workspace; others wait while the guard is held.
    pub(super) fn settled(&self) -> MutexGuard<'_, BTreeMap<PathBuf, String>> {
        self.settled.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Where the copies lie.
    pub(super) fn path(&self) -> &Path {
        self.scratch.path()
    }

    /// An out folder of its own for a job.
    pub(crate) fn out(&self, job: &str) -> Result<Scratch, Diagnostic> {
        Scratch::at(&self.scratch.path().join("out").join(job.replace('/', "-")))
    }

    /// The staged copy in which something with these needs is built.
    pub(crate) fn tree(&self, source: &Source, needs: &Needs) -> Result<PathBuf, Diagnostic> {
        let project = needs.project.as_str();
        let (name, clock) = if needs.cargo.is_some() {
            // cargo judges by time whether it must compile again.
            ("cargo".to_owned(), Clock::Now)
        } else if self.outer.iter().any(|outer| outer == project) {
            (format!("own-{}", project.replace('/', "-")), Clock::Epoch)
        } else {
            ("tree".to_owned(), Clock::Epoch)
        };
        let mut made = self.made.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(path) = made.get(&name) {
            return Ok(path.clone());
        }
        let path = self.scratch.path().join(&name);
        stage::copy(source, ".", &path, clock)?;
        made.insert(name, path.clone());
        Ok(path)
    }
}

/// Where a job runs, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The staged copy, or the tree itself.
    pub(super) tree: &'a Path,
    /// The folder for outputs.
    pub(super) out: &'a Path,
    /// Whether nothing may be fetched.
    pub(super) offline: bool,
}

/// The site of something with these needs.
pub(super) fn of(
    source: &Source,
    needs: &Needs,
    bench: &Bench,
    place: &Spot<'_>,
) -> Result<BuildContext, Lack> {
    let Spot { tree, out, offline } = *place;
    let mut site = BuildContext {
        tree: text(tree),
        out: text(out),
        home: text(&out.join("home")),
        epoch: source.facts().epoch,
        commit: source.facts().commit.clone().unwrap_or_default(),
        offline,
        ..BuildContext::default()
    };
    let mut folders = Vec::new();
    for name in needs.tools.iter().filter(|name| **name != "cargo") {
        let program = bench.path(name)?;
        folders.extend(program.parent().map(Path::to_owned));
        site.tools.insert((*name).to_owned(), text(&program));
    }
    if needs.tools.contains(&ENGINE) {
        site.env.insert(ENGINE.to_owned(), bench.engine_env()?);
    }
    let paths = bench.cache().paths();
    site.env.insert("uv".to_owned(), tools::uv_env(paths, site.offline));
    site.env.insert("go".to_owned(), tools::go_env(paths, site.offline));
    if let Some(job) = &needs.cargo {
        let zig = site.tools.get("zig").cloned();
        let (rust, mut env, target) = Cargo { source, job, bench, tree, offline }.env()?;
        if let Some(zig) = zig {
            env.extend(tools::zig_env(paths, Path::new(&zig)));
        }
        folders.extend(rust.cargo.parent().map(Path::to_owned));
        env.insert("PATH".to_owned(), tools::search_path(&folders));
        site.target = text(&target);
        site.tools.insert("cargo".to_owned(), text(&rust.cargo));
        site.env.insert("cargo".to_owned(), env);
        site.crate_folder = text(&crate_folder(tree, job));
    }
    Ok(site)
}

/// A job of cargo's.
struct Cargo<'a> {
    source: &'a Source,
    job: &'a CargoJob,
    bench: &'a Bench,
    tree: &'a Path,
    offline: bool,
}

impl Cargo<'_> {
    /// Its toolchain, its variables, and its target folder.
    fn env(&self) -> Result<(RustToolchain, BTreeMap<String, String>, PathBuf), Lack> {
        let CargoJob { project, targets, .. } = self.job;
        let version = self.bench.rust_version(channel(self.source, project).as_deref());
        let rust = self.bench.rust(&version, &targets.iter().copied().collect())?;
        // Jobs that differ in their variables must not take each other's executables.
        let mut key = nearest(self.source, project, "Cargo.lock").unwrap_or_default();
        for (name, value) in &self.job.env {
            key.push_str(&format!("\n{name}={value}"));
        }
        let paths = self.bench.cache().paths();
        let target = paths.target(&rust.version, &Digest::of(key.as_bytes()));
        let mut env = tools::cargo_env(paths, &rust, self.tree, &target, self.offline);
        for triple in targets {
            env = tools::cargo_target_env(env, triple);
        }
        Ok((rust, env, target))
    }
}

/// A site on the tree itself, with tools by their names: what `--dry-run` shows.
pub(crate) fn shown(source: &Source, options: &Options) -> BuildContext {
    let root = source.root();
    BuildContext {
        tree: text(root),
        out: text(&root.join(crate::place::DIST)),
        home: text(&std::env::temp_dir().join("home")),
        target: text(&root.join("target")),
        epoch: source.facts().epoch,
        commit: source.facts().commit.clone().unwrap_or_default(),
        offline: options.offline,
        ..BuildContext::default()
    }
}

/// The same, for a task.
pub(super) fn shown_for(site: &BuildContext, source: &Source, task: &Task<'_>) -> BuildContext {
    let folder = task.needs.cargo.as_ref().map(|job| text(&crate_folder(source.root(), job)));
    BuildContext { crate_folder: folder.unwrap_or_default(), ..site.clone() }
}

/// The folder below `tree` with the crate's `Cargo.toml`.
fn crate_folder(tree: &Path, job: &CargoJob) -> PathBuf {
    if job.folder == "." { tree.to_owned() } else { tree.join(&job.folder) }
}

/// The text of the toolchain file that rustup would find from `project`.
pub(super) fn channel(source: &Source, project: &str) -> Option<String> {
    nearest(source, project, "rust-toolchain.toml")
        .or_else(|| nearest(source, project, "rust-toolchain"))
}

/// The text of the file called `name` in `folder` or the nearest folder above it.
fn nearest(source: &Source, folder: &str, name: &str) -> Option<String> {
    let mut folder = if folder == "." { "" } else { folder };
    loop {
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if let model::Found::Text(text) = source.find(&path) {
            return Some(text);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
}
