//! Where a job runs: its folders, its tools and the variables of each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use format::{BuildContext, CargoJob, ENGINE, Needs};
use model::{Digest, Tree as _};
use tools::RustToolchain;

use super::Task;
use crate::options::Options;
use crate::source::Source;
use crate::toolbox::{Toolbox, Unavailable, text};

/// Where a job runs, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    /// The staged copy, or the tree itself.
    pub(super) tree: &'a Path,
    /// The folder for outputs.
    pub(super) out: &'a Path,
    /// Whether nothing may be fetched.
    pub(super) offline: bool,
}

/// The context of something with these needs.
pub(super) fn of(
    source: &Source,
    needs: &Needs,
    toolbox: &Toolbox,
    attempt: &Attempt<'_>,
) -> Result<BuildContext, Unavailable> {
    let Attempt { tree, out, offline } = *attempt;
    let mut context = BuildContext {
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
        let program = toolbox.path(name)?;
        folders.extend(program.parent().map(Path::to_owned));
        context.tools.insert((*name).to_owned(), text(&program));
    }
    if needs.tools.contains(&ENGINE) {
        context.env.insert(ENGINE.to_owned(), toolbox.engine_env()?);
    }
    let paths = toolbox.cache().paths();
    context.env.insert("uv".to_owned(), tools::uv_env(paths, context.offline));
    context.env.insert("go".to_owned(), tools::go_env(paths, context.offline));
    if let Some(job) = &needs.cargo {
        let zig = context.tools.get("zig").cloned();
        let (rust, mut env, target) = Cargo { source, job, toolbox, tree, offline }.env()?;
        if let Some(zig) = zig {
            env.extend(tools::zig_env(paths, Path::new(&zig)));
        }
        folders.extend(rust.cargo.parent().map(Path::to_owned));
        env.insert("PATH".to_owned(), tools::search_path(&folders));
        context.target = text(&target);
        context.tools.insert("cargo".to_owned(), text(&rust.cargo));
        context.env.insert("cargo".to_owned(), env);
        context.crate_folder = text(&crate_folder(tree, job));
    }
    Ok(context)
}

/// A job of cargo's.
struct Cargo<'a> {
    source: &'a Source,
    job: &'a CargoJob,
    toolbox: &'a Toolbox,
    tree: &'a Path,
    offline: bool,
}

impl Cargo<'_> {
    /// Its toolchain, its variables, and its target folder.
    fn env(&self) -> Result<(RustToolchain, BTreeMap<String, String>, PathBuf), Unavailable> {
        let CargoJob { project, targets, .. } = self.job;
        let version = self.toolbox.rust_version(channel(self.source, project).as_deref());
        let rust = self.toolbox.rust(&version, &targets.iter().copied().collect())?;
        // Jobs that differ in their variables must not take each other's executables.
        let mut key = nearest(self.source, project, "Cargo.lock").unwrap_or_default();
        for (name, value) in &self.job.env {
            key.push_str(&format!("\n{name}={value}"));
        }
        if !self.job.features.is_empty() || self.job.no_default_features {
            let CargoJob { folder, features, no_default_features, .. } = self.job;
            key.push_str(&format!("\n{folder} {features:?} {no_default_features}"));
        }
        let paths = self.toolbox.cache().paths();
        let target = paths.target(&rust.version, &Digest::of(key.as_bytes()));
        let mut env = tools::cargo_env(paths, &rust, self.tree, &target, self.offline);
        for triple in targets {
            env = tools::cargo_target_env(env, triple);
        }
        Ok((rust, env, target))
    }
}

/// A context on the tree itself, with tools by their names: what `--dry-run` shows.
pub(crate) fn shown(source: &Source, options: &Options) -> BuildContext {
    let root = source.root();
    BuildContext {
        tree: text(root),
        out: text(source.out().path()),
        home: text(&std::env::temp_dir().join("home")),
        target: text(&root.join("target")),
        epoch: source.facts().epoch,
        commit: source.facts().commit.clone().unwrap_or_default(),
        offline: options.offline,
        ..BuildContext::default()
    }
}

/// The same, for a task.
pub(super) fn shown_for(context: &BuildContext, source: &Source, task: &Task<'_>) -> BuildContext {
    let folder = task.needs.cargo.as_ref().map(|job| text(&crate_folder(source.root(), job)));
    BuildContext { crate_folder: folder.unwrap_or_default(), ..context.clone() }
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
