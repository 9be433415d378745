//! The commands of each recipe, put together from the formats' own.

use model::{BinarySource, BinarySpec, Invocation, Plan, Platform, Recipe, Unit};

use super::{ENGINE, Site};

/// The commands that build `units`, which are one job; none for what is packed by us.
#[must_use]
pub fn commands(plan: &Plan, units: &[&Unit], site: &Site) -> Vec<Invocation> {
    let Some(unit) = units.first() else { return Vec::new() };
    let Some(package) = plan.package(&unit.package) else { return Vec::new() };
    match unit.recipe {
        Recipe::PythonProject | Recipe::PythonSdist | Recipe::PythonWheel => {
            let Some(spec) = &package.python else { return Vec::new() };
            pypi::commands(unit, spec, &python_paths(unit, &spec.path, site))
        }
        Recipe::GoBinary => {
            package.binary.as_ref().map_or_else(Vec::new, |spec| go_commands(spec, unit, site))
        }
        Recipe::RustBinary => {
            let builds = cargo_builds(plan, units, site).into_iter();
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
                revision: (!site.commit.is_empty()).then_some(site.commit.as_str()),
                epoch: site.epoch,
            };
            let archive = format!("{}/{}", site.out, image_archive(&image.name, platform));
            let paths = oci::BuildPaths {
                docker: &tool(site, ENGINE),
                source: &site.tree,
                archive: &archive,
                metadata: &image_metadata(&archive),
                release: &format!("{}/{RELEASE}", site.out),
            };
            let mut commands = oci::commands(&about, platform, &paths).unwrap_or_default();
            for command in &mut commands {
                command.env.extend(site.env.get(ENGINE).cloned().unwrap_or_default());
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

/// The commands with which strangers check what `unit` made, which lies in `site.out` as it will in
/// `dist/`.
#[must_use]
pub fn checks(plan: &Plan, unit: &Unit, site: &Site) -> Vec<Invocation> {
    let chart = plan.package(&unit.package).and_then(|package| package.chart.as_ref());
    let (Recipe::Chart, Some(chart), Some(file)) = (unit.recipe, chart, unit.files.first()) else {
        return Vec::new();
    };
    helm::commands(&helm::HelmSetup {
        helm: tool(site, "helm"),
        home: site.home.clone(),
        chart: format!("{}/{file}", site.out),
        name: chart.name.clone(),
        library: site.library,
    })
}

fn python_paths(unit: &Unit, path: &str, site: &Site) -> pypi::PythonPaths {
    let family = if unit.recipe == Recipe::PythonProject { "uv" } else { "cargo" };
    pypi::PythonPaths {
        source: below(&site.tree, path),
        out: site.out.clone(),
        uv: tool(site, "uv"),
        maturin: tool(site, "maturin"),
        python: tool(site, "python"),
        build_constraints: site.build_constraints.clone(),
        exclude_newer: site.exclude_newer.clone(),
        offline: site.offline,
        epoch: site.epoch,
        env: site.env.get(family).cloned().unwrap_or_default(),
    }
}

/// The path of a tool, or its name where it is not known yet.
pub(super) fn tool(site: &Site, name: &str) -> String {
    let plain = if name == "python" { "python3" } else { name };
    site.tools.get(name).cloned().unwrap_or_else(|| plain.to_owned())
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
pub fn outputs(plan: &Plan, units: &[&Unit], site: &Site) -> Vec<(String, String)> {
    let Some(platform) = units.first().and_then(|unit| unit.platform) else { return Vec::new() };
    let builds = cargo_builds(plan, units, site).into_iter().flat_map(|build| build.outputs);
    builds.map(|(name, path)| (binary::file_name(&name, platform), path)).collect()
}

fn cargo_builds(plan: &Plan, units: &[&Unit], site: &Site) -> Vec<binary::CargoBuild> {
    let rust = units.iter().filter(|unit| unit.recipe == Recipe::RustBinary);
    let package = |unit: &&&Unit| plan.package(&unit.package)?.binary.as_ref();
    let specs: Vec<&BinarySpec> = rust.clone().filter_map(|unit| package(&unit)).collect();
    let Some(platform) = rust.clone().find_map(|unit| unit.platform) else { return Vec::new() };
    let mut env = site.env.get("cargo").cloned().unwrap_or_default();
    // zig writes it into a Windows executable's header, where the time of the link would stand.
    env.insert("SOURCE_DATE_EPOCH".to_owned(), site.epoch.to_string());
    // All units of a job have the same variables of their own.
    env.extend(specs.first().map(|spec| spec.env.clone()).unwrap_or_default());
    let setup = binary::CargoSetup {
        cargo: tool(site, "cargo"),
        source: site.tree.clone(),
        target_dir: site.target.clone(),
        env,
    };
    binary::cargo_builds(&specs, platform, &setup)
}

fn go_commands(spec: &BinarySpec, unit: &Unit, site: &Site) -> Vec<Invocation> {
    let BinarySource::Go { path, module } = &spec.source else { return Vec::new() };
    let Some(platform) = unit.platform else { return Vec::new() };
    let mut env = site.env.get("go").cloned().unwrap_or_default();
    env.extend(spec.env.clone());
    let setup = binary::GoSetup {
        go: tool(site, "go"),
        source: site.tree.clone(),
        module: module.clone(),
        path: path.clone(),
        out: format!("{}/{}", site.out, binary::file_name(&spec.name, platform)),
        vendored: site.vendored,
        env,
    };
    vec![binary::go_command(&setup, platform)]
}
