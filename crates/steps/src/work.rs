//! How a unit's work is done: which tools, which commands, and what its outputs become.
//!
//! The one place where recipes meet formats. Values in, values out: the caller stages sources,
//! runs the commands and writes the files.

mod commands;
mod finish;

use std::collections::BTreeMap;

use archive::Entry;
use model::{Artifact, Plan, Recipe, Unit};

pub use commands::{checks, commands, outputs};
pub use finish::finish;

/// What must be there before a unit's commands can run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Tools, by the names of `tools`' table; `python` is the machine's own.
    pub tools: Vec<&'static str>,
    /// Rust targets whose libraries are needed; empty when no Rust is.
    pub rust_targets: Vec<&'static str>,
    /// Whether commands run in a staged copy of the tree.
    pub staged: bool,
}

/// Where a job is done, as text for commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// The staged copy of the tree.
    pub tree: String,
    /// The folder that outputs land in.
    pub out: String,
    /// Cargo's target folder.
    pub target: String,
    /// Path of each tool by its name, `cargo` included.
    pub tools: BTreeMap<String, String>,
    /// Variables of the build, by tool family: `uv`, `cargo`, `go`, `zig`.
    pub env: BTreeMap<String, BTreeMap<String, String>>,
    /// `SOURCE_DATE_EPOCH`.
    pub epoch: u64,
    /// Take no build backend published after this time (RFC 3339); absent without git.
    pub exclude_newer: Option<String>,
    /// The tree's own file that holds build backends still; it goes before `exclude_newer`.
    pub build_constraints: Option<String>,
    /// Whether the Go module carries its dependencies in `vendor/`.
    pub vendored: bool,
    /// Ask nobody: take what caches have.
    pub offline: bool,
}

/// What a unit's artifacts are made from.
#[derive(Debug, Default)]
pub struct Ingredients<'a> {
    /// What the commands left in the out folder.
    pub outputs: Vec<Entry>,
    /// The chart's own files.
    pub sources: Vec<Entry>,
    /// Artifacts of the units it needs, with all of their files by path in `dist/`.
    pub needed: Vec<(&'a Artifact, BTreeMap<String, Vec<u8>>)>,
    /// `SOURCE_DATE_EPOCH`.
    pub epoch: u64,
    /// The commit, for annotations; empty without git.
    pub commit: String,
}

/// What a unit left.
#[derive(Debug, Default)]
pub struct Product {
    /// Files to write, by path in `dist/`.
    pub files: Vec<Entry>,
    /// The artifacts they are.
    pub artifacts: Vec<Artifact>,
}

/// The plan's units in jobs: each unit alone, but for Rust binaries of one workspace and target,
/// which one call of cargo builds together.
#[must_use]
pub fn jobs(plan: &Plan) -> Vec<Vec<&Unit>> {
    let mut jobs: Vec<Vec<&Unit>> = Vec::new();
    let mut cargo_jobs: BTreeMap<(&str, &'static str), usize> = BTreeMap::new();
    for unit in &plan.units {
        let key = workspace(plan, unit).zip(unit.platform.map(model::Platform::rust_target));
        match key.and_then(|key| cargo_jobs.get(&key).copied()).and_then(|at| jobs.get_mut(at)) {
            Some(job) => job.push(unit),
            None => {
                if let Some(key) = key {
                    cargo_jobs.insert(key, jobs.len());
                }
                jobs.push(vec![unit]);
            }
        }
    }
    jobs
}

/// What `unit` needs before its commands can run.
#[must_use]
pub fn needs(unit: &Unit) -> Needs {
    let (tools, staged): (&[&'static str], bool) = match unit.recipe {
        Recipe::PythonProject => (&["uv", "python"], true),
        Recipe::PythonSdist => (&["maturin", "python", "cargo"], true),
        Recipe::PythonWheel => (&["maturin", "python", "cargo", "zig"], true),
        Recipe::GoBinary => (&["go"], true),
        Recipe::RustBinary => (&["cargo", "cargo-auditable", "cargo-zigbuild", "zig"], true),
        Recipe::Chart => (&["helm"], false),
        Recipe::PythonMeta | Recipe::BinaryImage | Recipe::DockerfileImage | Recipe::ImageIndex => {
            (&[], false)
        }
    };
    let rust_targets = match (unit.recipe, unit.platform) {
        (Recipe::PythonWheel, Some(platform)) => vec![pypi::rust_target(platform)],
        (Recipe::RustBinary, Some(platform)) => vec![platform.rust_target()],
        _ => Vec::new(),
    };
    Needs { tools: tools.to_vec(), rust_targets, staged }
}

/// Why `unit` cannot be built on any machine like this one; nothing when it can.
#[must_use]
pub fn not_here(unit: &Unit) -> Option<&'static str> {
    (unit.recipe == Recipe::DockerfileImage)
        .then_some("a Dockerfile image needs a container engine, which local releases do not use")
}

/// The folder of the Cargo package that `unit` is built from; the whole tree for other recipes.
#[must_use]
pub fn cargo_project<'a>(plan: &'a Plan, unit: &Unit) -> &'a str {
    let package = plan.package(&unit.package);
    match package.and_then(|package| package.binary.as_ref()).map(|binary| &binary.source) {
        Some(model::BinarySource::Rust { path, .. }) if unit.recipe == Recipe::RustBinary => path,
        _ => project(plan, unit),
    }
}

/// The folder of the tree that a unit's project lies in; the whole tree where none is named.
#[must_use]
pub fn project<'a>(plan: &'a Plan, unit: &Unit) -> &'a str {
    let Some(package) = plan.package(&unit.package) else { return "." };
    let path = match unit.recipe {
        Recipe::PythonProject | Recipe::PythonSdist | Recipe::PythonWheel => {
            package.python.as_ref().map(|python| python.path.as_str())
        }
        Recipe::Chart => package.chart.as_ref().map(|chart| chart.path.as_str()),
        _ => None,
    };
    path.unwrap_or(".")
}

fn workspace<'a>(plan: &'a Plan, unit: &Unit) -> Option<&'a str> {
    if unit.recipe != Recipe::RustBinary {
        return None;
    }
    match &plan.package(&unit.package)?.binary.as_ref()?.source {
        model::BinarySource::Rust { workspace, .. } => Some(workspace),
        model::BinarySource::Go { .. } => None,
    }
}
