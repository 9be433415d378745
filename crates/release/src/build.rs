//! How a unit's work is done: which tools, which commands, and what its outputs become.
//!
//! The one place where recipes meet formats. Values in, values out: the caller stages sources,
//! runs the commands and writes the files.

mod base_images;
mod cargo;
mod commands;
mod finish;
mod images;
mod indexes;

use std::collections::BTreeMap;

use archive::Entry;
use model::{Artifact, Found, Plan, Recipe, Tree, Unit};

pub(crate) use base_images::base_images;
pub(crate) use cargo::crate_manifest;
pub use cargo::{
    Crates, crate_folder, crates_question, pruned_crates, read_crates, update_lock,
    workspace_question,
};
pub use commands::{RELEASE, checks, commands, outputs};
pub use finish::finish;
pub(crate) use images::needs_of_images;
pub use images::{release_files, secrets};
pub use indexes::{complete, need_is_missing};

/// The name of the container engine, which is never fetched.
pub const ENGINE: &str = "docker";

/// What must be there before a unit's commands can run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Tools, by the names of `tools`' table; `python` and [`ENGINE`] are the machine's own.
    pub tools: Vec<&'static str>,
    /// Rust targets whose libraries are needed; empty when no Rust is.
    pub rust_targets: Vec<&'static str>,
    /// Whether commands run in a staged copy of the tree.
    pub staged: bool,
}

/// Where a job is done, as text for commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildContext {
    /// The staged copy of the tree.
    pub tree: String,
    /// The folder that outputs land in.
    pub out: String,
    /// A folder for what tools would keep in the person's home; it need not exist.
    pub home: String,
    /// Cargo's target folder.
    pub target: String,
    /// Path of each tool by its name, `cargo` included.
    pub tools: BTreeMap<String, String>,
    /// Variables of the build, by tool family: `uv`, `cargo`, `go`, `zig`.
    pub env: BTreeMap<String, BTreeMap<String, String>>,
    /// `SOURCE_DATE_EPOCH`.
    pub epoch: u64,
    /// The commit; empty without git.
    pub commit: String,
    /// Take no build backend published after this time (RFC 3339); absent without git.
    pub exclude_newer: Option<String>,
    /// The tree's own file that holds build backends still; it goes before `exclude_newer`.
    pub build_constraints: Option<String>,
    /// Whether the Go module carries its dependencies in `vendor/`.
    pub vendored: bool,
    /// Whether the chart is a library, which renders nothing by itself.
    pub library: bool,
    /// The staged folder of the crate that is built; empty where there is no Rust.
    pub crate_folder: String,
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

/// The plan's units in jobs: each unit alone, but for Rust binaries of one workspace, target and
/// set of variables, which one call of cargo builds together.
#[must_use]
pub fn jobs(plan: &Plan) -> Vec<Vec<&Unit>> {
    let mut jobs: Vec<Vec<&Unit>> = Vec::new();
    let mut calls: BTreeMap<plan::Call<'_>, usize> = BTreeMap::new();
    for unit in &plan.units {
        let rust = unit.recipe == Recipe::RustBinary;
        let package = rust.then(|| plan.package(&unit.package)).flatten();
        let call = package.and_then(|package| plan::shared_call(package, unit));
        match call.and_then(|call| calls.get(&call).copied()).and_then(|at| jobs.get_mut(at)) {
            Some(job) => job.push(unit),
            None => {
                if let Some(call) = call {
                    calls.insert(call, jobs.len());
                }
                jobs.push(vec![unit]);
            }
        }
    }
    jobs
}

/// The variables that `unit`'s package adds to its build.
#[must_use]
pub fn own_env<'a>(plan: &'a Plan, unit: &Unit) -> Option<&'a BTreeMap<String, String>> {
    let package = plan.package(&unit.package)?;
    match unit.recipe {
        Recipe::GoBinary | Recipe::RustBinary => Some(&package.binary.as_ref()?.env),
        _ => Some(&package.python.as_ref()?.env),
    }
}

/// Whether the chart of `unit` is a library, as its `Chart.yaml` says.
#[must_use]
pub fn is_library(plan: &Plan, unit: &Unit, tree: &dyn Tree) -> bool {
    if unit.recipe != Recipe::Chart {
        return false;
    }
    match tree.find(&commands::below(project(plan, unit), "Chart.yaml")) {
        Found::Text(text) => helm::chart_metadata(&text).is_ok_and(|chart| chart.is_library()),
        _ => false,
    }
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
        Recipe::DockerfileImage => (&[ENGINE], true),
        Recipe::PythonMeta | Recipe::BinaryImage | Recipe::ImageIndex => (&[], false),
    };
    let rust_targets = match (unit.recipe, unit.platform) {
        (Recipe::PythonWheel, Some(platform)) => vec![pypi::rust_target(platform)],
        (Recipe::RustBinary, Some(platform)) => vec![platform.rust_target()],
        _ => Vec::new(),
    };
    Needs { tools: tools.to_vec(), rust_targets, staged }
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

#[cfg(test)]
mod tests {
    use model::{BinarySource, BinarySpec, Format, Package, Platform, Release, UnitId, Version};

    use super::*;

    /// Package, workspace, and variables of its own.
    type Rust<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn plan(binaries: &[Rust<'_>]) -> Plan {
        let version = || Version::parse("1.0.0").unwrap();
        let package = |(name, workspace, env): &(&str, &str, &[(&str, &str)])| Package {
            name: (*name).to_owned(),
            description: String::new(),
            license: String::new(),
            python: None,
            image: None,
            binary: Some(BinarySpec {
                name: (*name).to_owned(),
                version: version(),
                source: BinarySource::Rust {
                    path: format!("{workspace}/{name}"),
                    workspace: (*workspace).to_owned(),
                    package: (*name).to_owned(),
                    bin: (*name).to_owned(),
                },
                platforms: vec![Platform::LinuxAmd64, Platform::LinuxArm64],
                env: env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            }),
            chart: None,
        };
        let packages: Vec<Package> = binaries.iter().map(package).collect();
        let unit = |package: &Package, platform| Unit {
            id: UnitId::new(&package.name, Format::Binary, Some(platform)),
            package: package.name.clone(),
            format: Format::Binary,
            platform: Some(platform),
            recipe: Recipe::RustBinary,
            version: "1.0.0".to_owned(),
            needs: Vec::new(),
            files: Vec::new(),
        };
        let units = packages.iter().flat_map(|package| {
            [Platform::LinuxAmd64, Platform::LinuxArm64].map(|platform| unit(package, platform))
        });
        Plan {
            schema: Plan::SCHEMA.to_owned(),
            release: Release {
                version: version(),
                tag: "v1.0.0".to_owned(),
                registry: String::new(),
                charts: String::new(),
                repository: String::new(),
                notes: String::new(),
            },
            units: units.collect(),
            packages,
            legs: Vec::new(),
        }
    }

    #[test]
    fn binaries_share_a_call_of_cargo_only_with_one_workspace_target_and_set_of_variables() {
        let check = |binaries: &[Rust<'_>], expected: &[&str]| {
            let plan = plan(binaries);
            let names = |job: &Vec<&Unit>| {
                job.iter().map(|unit| unit.id.0.as_str()).collect::<Vec<_>>().join(" ")
            };
            let found: Vec<String> = jobs(&plan).iter().map(names).collect();
            assert_eq!(found, expected);
        };
        let (amd64, arm64) = ("binary/linux-amd64", "binary/linux-arm64");
        let both = [format!("a/{amd64} b/{amd64}"), format!("a/{arm64} b/{arm64}")];
        let both = both.each_ref().map(String::as_str);
        check(&[("a", "w", &[]), ("b", "w", &[])], &both);
        let apart = [("a", amd64), ("a", arm64), ("b", amd64), ("b", arm64)];
        let apart = apart.map(|(name, rest)| format!("{name}/{rest}"));
        let apart = apart.each_ref().map(String::as_str);
        check(&[("a", "w", &[]), ("b", "v", &[])], &apart);
        check(&[("a", "w", &[("X", "1")]), ("b", "w", &[])], &apart);
        check(&[("a", "w", &[("X", "1")]), ("b", "w", &[("X", "1")])], &both);
    }
}
