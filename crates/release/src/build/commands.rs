//! The commands of each recipe, put together from the formats' own.

use model::{BinarySource, BinarySpec, Invocation, Plan, Platform, Recipe, Unit};

use super::{BuildContext, ENGINE};

/// The commands that build `units`, which are one job; none for what is packed by us.
#[must_use]
pub fn commands(plan: &Plan, units: &[&Unit], context: &BuildContext) -> Vec<Invocation> {
    let Some(unit) = units.first() else { return Vec::new() };
    let Some(package) = plan.package(&unit.package) else { return Vec::new() };
    match unit.recipe {
        Recipe::PythonProject | Recipe::PythonSdist | Recipe::PythonWheel => {
            let Some(spec) = &package.python else { return Vec::new() };
            pypi::commands(unit, spec, &python_paths(unit, &spec.path, context))
        }
        Recipe::GoBinary => {
            package.binary.as_ref().map_or_else(Vec::new, |spec| go_commands(spec, unit, context))
        }
        Recipe::RustBinary => {
            let builds = cargo_builds(plan, units, context).into_iter();
            builds.map(|build| build.invocation).collect()
        }
        Recipe::DockerfileImage => {
            let (Some(image), Some(platform)) = (&package.image, unit.platform) else {
                return Vec::new();
            };
            let about = oci::About {
                package,
                image,
                release: &plan.release,
                revision: (!context.commit.is_empty()).then_some(context.commit.as_str()),
                epoch: context.epoch,
            };
            let archive = format!("{}/{}", context.out, image_archive(&image.name, platform));
            let paths = oci::BuildPaths {
                docker: &tool(context, ENGINE),
                source: &context.tree,
                archive: &archive,
                metadata: &image_metadata(&archive),
                release: &format!("{}/{RELEASE}", context.out),
            };
            let mut commands = oci::commands(&about, platform, &paths).unwrap_or_default();
            for command in &mut commands {
                command.env.extend(context.env.get(ENGINE).cloned().unwrap_or_default());
            }
            commands
        }
        Recipe::PythonMeta | Recipe::BinaryImage | Recipe::ImageIndex | Recipe::Chart => Vec::new(),
    }
}

/// The folder, in the folder for outputs, that a Dockerfile's build finds as its context `release`.
pub const RELEASE: &str = "release";

/// The archive that a Dockerfile's build leaves.
pub(super) fn image_archive(image: &str, platform: Platform) -> String {
    format!("{image}-{platform}.tar")
}

/// The file beside it in which buildx tells what it built from.
pub(super) fn image_metadata(archive: &str) -> String {
    format!("{archive}.json")
}

/// The commands with which other programs check what `unit` made, which lies in `context.out` as it
/// will in `dist/`.
#[must_use]
pub fn checks(plan: &Plan, unit: &Unit, context: &BuildContext) -> Vec<Invocation> {
    let chart = plan.package(&unit.package).and_then(|package| package.chart.as_ref());
    let (Recipe::Chart, Some(chart), Some(file)) = (unit.recipe, chart, unit.files.first()) else {
        return Vec::new();
    };
    helm::commands(&helm::HelmSetup {
        helm: tool(context, "helm"),
        home: context.home.clone(),
        chart: format!("{}/{file}", context.out),
        name: chart.name.clone(),
        library: context.library,
    })
}

fn python_paths(unit: &Unit, path: &str, context: &BuildContext) -> pypi::PythonPaths {
    let family = if unit.recipe == Recipe::PythonProject { "uv" } else { "cargo" };
    pypi::PythonPaths {
        source: below(&context.tree, path),
        out: context.out.clone(),
        uv: tool(context, "uv"),
        maturin: tool(context, "maturin"),
        python: tool(context, "python"),
        build_constraints: context.build_constraints.clone(),
        exclude_newer: context.exclude_newer.clone(),
        offline: context.offline,
        epoch: context.epoch,
        env: context.env.get(family).cloned().unwrap_or_default(),
    }
}

/// The path of a tool, or its name where it is not known yet.
pub(super) fn tool(context: &BuildContext, name: &str) -> String {
    let plain = if name == "python" { "python3" } else { name };
    context.tools.get(name).cloned().unwrap_or_else(|| plain.to_owned())
}

/// `path` below `folder`, where `.` names a folder itself.
pub(super) fn below(folder: &str, path: &str) -> String {
    match (folder, path) {
        (folder, ".") => folder.to_owned(),
        (".", path) => path.to_owned(),
        _ => format!("{folder}/{path}"),
    }
}

/// Outputs that commands leave elsewhere than in the out folder: the name each goes by, and its
/// path.
#[must_use]
pub fn outputs(plan: &Plan, units: &[&Unit], context: &BuildContext) -> Vec<(String, String)> {
    let Some(platform) = units.first().and_then(|unit| unit.platform) else { return Vec::new() };
    let builds = cargo_builds(plan, units, context).into_iter().flat_map(|build| build.outputs);
    builds.map(|(name, path)| (binary::file_name(&name, platform), path)).collect()
}

fn cargo_builds(plan: &Plan, units: &[&Unit], context: &BuildContext) -> Vec<binary::CargoBuild> {
    let rust = units.iter().filter(|unit| unit.recipe == Recipe::RustBinary);
    let package = |unit: &&&Unit| plan.package(&unit.package)?.binary.as_ref();
    let specs: Vec<&BinarySpec> = rust.clone().filter_map(|unit| package(&unit)).collect();
    let Some(platform) = rust.clone().find_map(|unit| unit.platform) else { return Vec::new() };
    let mut env = context.env.get("cargo").cloned().unwrap_or_default();
    // zig writes it into a Windows executable's header, where the time of the link would stand.
    env.insert("SOURCE_DATE_EPOCH".to_owned(), context.epoch.to_string());
    // All units of a job have the same variables of their own.
    env.extend(specs.first().map(|spec| spec.env.clone()).unwrap_or_default());
    let setup = binary::CargoSetup {
        cargo: tool(context, "cargo"),
        source: context.tree.clone(),
        target_dir: context.target.clone(),
        env,
    };
    binary::cargo_builds(&specs, platform, &setup)
}

fn go_commands(spec: &BinarySpec, unit: &Unit, context: &BuildContext) -> Vec<Invocation> {
    let BinarySource::Go { path, module } = &spec.source else { return Vec::new() };
    let Some(platform) = unit.platform else { return Vec::new() };
    let mut env = context.env.get("go").cloned().unwrap_or_default();
    env.extend(spec.env.clone());
    let setup = binary::GoSetup {
        go: tool(context, "go"),
        source: context.tree.clone(),
        module: module.clone(),
        path: path.clone(),
        out: format!("{}/{}", context.out, binary::file_name(&spec.name, platform)),
        vendored: context.vendored,
        env,
    };
    vec![binary::go_command(&setup, platform)]
}
