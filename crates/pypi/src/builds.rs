//! The format as a build sees it.

use std::convert::Infallible;

use crate::{BuildCutoff, PythonSpec};
use archive::time::Moment;
use archive::{Entry, LayerCompressor};
use format::{
    BuildContext, Builds, CargoJob, Ingredients, Job, Needs, OfferKind, Offered, Product, below,
    nothing_to_build, only_output,
};
use manifests::python::PyProject;
use manifests::{Source, join_relative, parent};
use model::{
    Artifact, ArtifactKind, Diagnostic, Format, Found, Invocation, Package, Platform, Severity,
    Tree, Unit,
};

use crate::commands::{PythonPaths, commands, rust_target};
use crate::name::{SdistName, WheelName, pep440};
use crate::recipes;
use crate::{Pypi, codes, lint_sdist, lint_wheel, meta_package, read_sdist, read_wheel};
use crate::{repack_sdist, repack_wheel};

impl Builds for Pypi {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn needs(&self, job: &Job<'_>, tree: &dyn Tree) -> Needs {
        let tools: &[&'static str] = match job.unit.recipe {
            recipes::PROJECT => &["uv", "python"],
            recipes::SDIST => &["maturin", "python", "cargo"],
            recipes::WHEEL => &["maturin", "python", "cargo", "zig"],
            _ => return Needs::default(),
        };
        let project = job.package.spec::<PythonSpec>().map_or(".", |python| python.path.as_str());
        Needs {
            tools: tools.to_vec(),
            staged: true,
            project: project.to_owned(),
            sweeps: job.unit.recipe == recipes::PROJECT,
            cargo: Some(job).filter(|job| self.uses_cargo(job.unit)).map(|_| CargoJob {
                project: project.to_owned(),
                folder: crate_folder(project, tree).unwrap_or_default(),
                targets: job.unit.platform.map(rust_target).into_iter().collect(),
                // An sdist serves every platform; its licences are those of the commonest one's
                // crates.
                target: rust_target(job.unit.platform.unwrap_or(Platform::LinuxAmd64)),
                env: job
                    .package
                    .spec::<PythonSpec>()
                    .map(|one| one.env.clone())
                    .unwrap_or_default(),
                ..CargoJob::default()
            }),
            ..Needs::default()
        }
    }

    fn uses_cargo(&self, unit: &Unit) -> bool {
        matches!(unit.recipe, recipes::SDIST | recipes::WHEEL)
    }

    fn commands(
        &self,
        jobs: &[Job<'_>],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Vec<Invocation> {
        let spec = |job: &Job<'_>| -> Vec<Invocation> {
            let Some(spec) = job.package.spec::<PythonSpec>() else { return Vec::new() };
            commands(job.unit, spec, &paths(job.unit, spec, tree, context))
        };
        jobs.iter().flat_map(spec).collect()
    }

    fn without_date(
        &self,
        jobs: &[Job<'_>],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Option<String> {
        let job = jobs.iter().find(|job| job.unit.recipe == recipes::PROJECT)?;
        let spec = job.package.spec::<PythonSpec>()?;
        if spec.build_cutoff != BuildCutoff::Default {
            return None;
        }
        let time = paths(job.unit, spec, tree, context).exclude_newer?;
        Some(format!(
            "it could not be built with build dependencies of the commit's time ({time}), so they \
             were not limited by date: `build-cutoff` sets what holds them"
        ))
    }

    fn offered<'p>(&self, package: &'p Package, artifact: &Artifact) -> Option<Offered<'p>> {
        let python = package.spec::<PythonSpec>().filter(|_| artifact.kind == crate::WHEEL)?;
        Some(Offered { kind: OfferKind::Wheel, name: &python.name })
    }

    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        _: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic> {
        let Some(spec) = job.package.spec::<PythonSpec>() else {
            return Err(nothing_to_build(job.unit));
        };
        if job.unit.recipe == recipes::META {
            let files = meta_package(job.package, job.release, from.epoch)?;
            let products = files.into_iter().map(|(name, bytes)| made(job.unit, &name, bytes, &[]));
            return Ok(Product::joined(products.collect::<Result<Vec<_>, _>>()?));
        }
        from_backend(job.unit, spec, &from)
    }

    fn read_spec(&self, package: &mut Package) {
        package.specs.read::<PythonSpec>();
    }

    fn kinds(&self, unit: &Unit) -> &'static [ArtifactKind] {
        match unit.recipe {
            recipes::SDIST => &[crate::SDIST],
            recipes::WHEEL => &[crate::WHEEL],
            _ => &[crate::WHEEL, crate::SDIST],
        }
    }
}

/// The folder of the tree with the crate's `Cargo.toml` of the maturin project in `project`. The
/// project names it, or it lies beside `pyproject.toml`, or in `rust/` (maturin's own order).
fn crate_folder(project: &str, tree: &dyn Tree) -> Option<String> {
    let text = |path: &str| match tree.find(&below(project, path)) {
        Found::Text(text) => Some(text),
        _ => None,
    };
    let pyproject = Source::new("pyproject.toml", text("pyproject.toml").unwrap_or_default());
    let pyproject = PyProject::parse(&pyproject).unwrap_or_default();
    let manifest = crate_manifest(&pyproject, |path| text(path).is_some());
    join_relative(project, parent(manifest))
}

/// The path of the crate's `Cargo.toml` in a maturin project, whose files `has` knows.
pub fn crate_manifest(project: &PyProject, has: impl Fn(&str) -> bool) -> &str {
    let Ok(manifest) = project.crate_manifest(|path| Ok::<_, Infallible>(has(path)));
    manifest
}

fn paths(unit: &Unit, spec: &PythonSpec, tree: &dyn Tree, context: &BuildContext) -> PythonPaths {
    let family = if unit.recipe == recipes::PROJECT { "uv" } else { "cargo" };
    let build_constraints = build_constraints(&spec.path, tree);
    PythonPaths {
        source: below(&context.tree, &spec.path),
        out: context.out.clone(),
        uv: context.tool("uv"),
        maturin: context.tool("maturin"),
        python: context.tool("python"),
        exclude_newer: exclude_newer(spec, build_constraints.is_some(), context),
        build_constraints: build_constraints.map(|file| format!("{}/{file}", context.tree)),
        offline: context.offline,
        epoch: context.epoch,
        env: context.variables(family),
    }
}

/// The time that build dependencies are held to. A folder without a commit has none.
fn exclude_newer(
    spec: &PythonSpec,
    is_constrained: bool,
    context: &BuildContext,
) -> Option<String> {
    let commit = || {
        let has_commit = !context.commit.is_empty();
        has_commit.then(|| Moment::at(context.epoch).rfc3339())
    };
    match &spec.build_cutoff {
        BuildCutoff::Default if is_constrained || context.undated => None,
        BuildCutoff::Default | BuildCutoff::Commit => commit(),
        BuildCutoff::None => None,
        BuildCutoff::At(time) => Some(time.clone()),
    }
}

/// What the manifest says of archives whose build was held to another time than the commit's.
fn cutoff_note(spec: &PythonSpec) -> Option<String> {
    match &spec.build_cutoff {
        BuildCutoff::Default | BuildCutoff::Commit => None,
        BuildCutoff::None => Some("build dependencies were not limited by date".to_owned()),
        BuildCutoff::At(time) => Some(format!("no build dependency was published after {time}")),
    }
}

/// The tree's own file that holds build backends still, in the project's folder or at the root.
fn build_constraints(project: &str, tree: &dyn Tree) -> Option<String> {
    let places = [below(project, BUILD_CONSTRAINTS), BUILD_CONSTRAINTS.to_owned()];
    places.into_iter().find(|path| matches!(tree.find(path), Found::Text(_)))
}

/// The name that pip and uv users give a file of build constraints.
const BUILD_CONSTRAINTS: &str = "build-constraints.txt";

/// The archives that a backend left, each matched with a pattern of the plan, packed again unless
/// the package says otherwise.
fn from_backend(
    unit: &Unit,
    spec: &PythonSpec,
    from: &Ingredients<'_>,
) -> Result<Product, Diagnostic> {
    let mut products = Vec::new();
    for pattern in &unit.files {
        if let Some(problem) = machine_wheel(unit, pattern, &from.outputs) {
            return Err(problem);
        }
        if let Some(problem) = other_version(unit, &from.outputs) {
            return Err(problem);
        }
        let output = only_output(unit, pattern, &from.outputs)?;
        let is_wheel = output.path.ends_with(".whl");
        let (bytes, notes): (Vec<u8>, &[&str]) = match (spec.repack, is_wheel) {
            (true, true) => (repack_wheel(&output.bytes, from.epoch)?, &[REPACKED]),
            (true, false) => (repack_sdist(&output.bytes, from.epoch)?, &[REPACKED]),
            (false, _) => (output.bytes.clone(), &[]),
        };
        let mut product = made(unit, &output.path, bytes, notes)?;
        for artifact in &mut product.artifacts {
            artifact.notes.extend(cutoff_note(spec));
        }
        products.push(product);
    }
    Ok(Product::joined(products))
}

/// An archive of another version than the plan's, which only the backend could know.
fn other_version(unit: &Unit, outputs: &[Entry]) -> Option<Diagnostic> {
    let planned = pep440(&unit.version)?;
    let made = |output: &Entry| {
        let wheel = WheelName::parse(&output.path).map(|name| name.version);
        let name = wheel.or_else(|_| SdistName::parse(&output.path).map(|name| name.version));
        name.ok().filter(|made| pep440(made).is_some_and(|made| !made.same_as(&planned)))
    };
    let made = outputs.iter().find_map(made)?;
    let message = format!("its backend made version {made}, and the plan has {}", unit.version);
    let help = "release the version that the backend makes, or let the backend make the release's";
    Some(Diagnostic::new(&format::codes::OUTPUT_MISSING, message).help(help))
}

/// A wheel of a project that is built as a pure one, and compiled code for this machine.
fn machine_wheel(unit: &Unit, pattern: &str, outputs: &[Entry]) -> Option<Diagnostic> {
    if unit.recipe != recipes::PROJECT || !pattern.ends_with("-any.whl") {
        return None;
    }
    let (name, tag) = outputs.iter().find_map(|output| {
        let (_, tag) = output.path.strip_suffix(".whl")?.rsplit_once('-')?;
        (tag != "any").then_some((&output.path, tag))
    })?;
    let message = format!(
        "its backend compiled code: `{name}` is for `{tag}` alone, and was to be a wheel for any"
    );
    let help = "set `kind = \"pyo3\"` for a maturin project; extension modules that other \
                backends compile (C, Cython) are not supported";
    Some(Diagnostic::new(&codes::WHEEL_PLATFORM, message).help(help))
}

/// What the manifest says of an archive that is not byte for byte what its backend wrote.
const REPACKED: &str = "repacked: members sorted, times and modes fixed, RECORD rebuilt";

fn made(unit: &Unit, name: &str, bytes: Vec<u8>, notes: &[&str]) -> Result<Product, Diagnostic> {
    let (kind, problems) = if name.ends_with(".whl") {
        read_wheel(name, &bytes)?;
        (crate::WHEEL, lint_wheel(name, &bytes))
    } else {
        read_sdist(name, &bytes)?;
        (crate::SDIST, lint_sdist(name, &bytes))
    };
    let mut notes: Vec<String> = notes.iter().map(|note| (*note).to_owned()).collect();
    notes.extend(problems.iter().map(|problem| match problem.severity {
        Severity::Error => format!("the index would refuse it: {}", problem.message),
        Severity::Warning => format!("{}: {}", problem.code, problem.message),
    }));
    Ok(Product::of(unit, kind, Entry::new(format!("pypi/{name}"), bytes), notes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_that_makes_another_version_is_told() {
        let check = |output: &str, expected: bool| {
            let unit = Unit {
                id: model::UnitId("a/pypi".to_owned()),
                package: "a".to_owned(),
                format: crate::FORMAT,
                platform: None,
                recipe: recipes::PROJECT,
                version: "1.4.0".to_owned(),
                needs: Vec::new(),
                files: Vec::new(),
            };
            let found = other_version(&unit, &[Entry::new(output, Vec::new())]);
            assert_eq!(found.is_some(), expected, "{output}");
        };
        check("a-0.0.0-py3-none-any.whl", true);
        check("a-0.0.0.tar.gz", true);
        check("a-1.4.0-py3-none-any.whl", false);
        check("a-1.4.tar.gz", false);
        check("a.txt", false);
    }

    #[test]
    fn a_wheel_with_compiled_code_is_told_from_a_missing_one() {
        let check = |recipe, output: &str, expected: Option<&str>| {
            let unit = Unit {
                id: model::UnitId("a/pypi".to_owned()),
                package: "a".to_owned(),
                format: crate::FORMAT,
                platform: None,
                recipe,
                version: "1".to_owned(),
                needs: Vec::new(),
                files: Vec::new(),
            };
            let found =
                machine_wheel(&unit, "pypi/a-1-*-none-any.whl", &[Entry::new(output, Vec::new())]);
            assert_eq!(found.map(|problem| problem.code.to_string()).as_deref(), expected);
        };
        let machine = "a-1-cp311-cp311-linux_x86_64.whl";
        check(recipes::PROJECT, machine, Some("wheel-platform"));
        check(recipes::PROJECT, "a-1-py3-none-any.whl", None);
        check(recipes::PROJECT, "a-1.tar.gz", None);
        check(recipes::WHEEL, machine, None);
    }
}
