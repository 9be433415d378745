//! The format as a build sees it.

use crate::{BinarySource, BinarySpec};
use archive::{Entry, LayerCompressor};
use format::{
    BuildContext, Builds, CargoJob, Ingredients, Job, Needs, OfferKind, Offered, Product, below,
    no_error, only_output,
};
use model::{
    Artifact, ArtifactKind, Diagnostic, Format, Found, Invocation, Package, Platform, Tree, Unit,
};

use crate::cargo::{CargoBuild, CargoSetup, cargo_builds};
use crate::go::{GoSetup, go_command};
use crate::recipes;
use crate::{Binary, check, file_name, read_binary};

impl Builds for Binary {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn needs(&self, job: &Job<'_>, _: &dyn Tree) -> Needs {
        let tools: &[&'static str] = match job.unit.recipe {
            recipes::RUST => &["cargo", "cargo-auditable", "cargo-zigbuild", "zig"],
            _ => &["go"],
        };
        Needs {
            tools: tools.to_vec(),
            staged: true,
            project: project(job).to_owned(),
            cargo: cargo_job(job),
            ..Needs::default()
        }
    }

    fn uses_cargo(&self, unit: &Unit) -> bool {
        unit.recipe == recipes::RUST
    }

    fn commands(
        &self,
        jobs: &[Job<'_>],
        tree: &dyn Tree,
        context: &BuildContext,
    ) -> Vec<Invocation> {
        let go = jobs.iter().filter_map(|job| go(job, tree, context));
        let cargo = builds(jobs, context).into_iter().map(|build| build.invocation);
        go.chain(cargo).collect()
    }

    fn outputs(&self, jobs: &[Job<'_>], context: &BuildContext) -> Vec<(String, String)> {
        let Some(platform) = jobs.first().and_then(|job| job.unit.platform) else {
            return Vec::new();
        };
        let outputs = builds(jobs, context).into_iter().flat_map(|build| build.outputs);
        outputs.map(|(name, path)| (file_name(&name, platform), path)).collect()
    }

    fn offered<'p>(&self, package: &'p Package, _: &Artifact) -> Option<Offered<'p>> {
        let name = package.spec::<BinarySpec>().map_or(&package.name, |binary| &binary.name);
        Some(Offered { kind: OfferKind::Executable, name })
    }

    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        _: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic> {
        let unit = job.unit;
        let pattern = unit.files.first().map_or("", String::as_str);
        let output = only_output(unit, pattern, &from.outputs)?;
        let read = read_binary(&output.bytes)?;
        no_error(unit.platform.into_iter().flat_map(|platform| check(&read, platform)))?;
        let file = Entry::executable(pattern, output.bytes.clone());
        Ok(Product::of(unit, crate::BINARY, file, Vec::new()))
    }

    fn read_spec(&self, package: &mut Package) {
        package.specs.read::<BinarySpec>();
    }

    fn kinds(&self, _: &Unit) -> &'static [ArtifactKind] {
        &[crate::BINARY]
    }
}

/// The folder that it is built from: the Go module's, or the Cargo workspace's.
fn project<'a>(job: &Job<'a>) -> &'a str {
    match job.package.spec::<BinarySpec>().map(|binary| &binary.source) {
        Some(BinarySource::Go { module, .. }) => module,
        Some(BinarySource::Rust { workspace, .. }) => workspace,
        None => ".",
    }
}

fn cargo_job(job: &Job<'_>) -> Option<CargoJob> {
    let binary = job.package.spec::<BinarySpec>()?;
    let BinarySource::Rust { path, .. } = &binary.source else { return None };
    let target = job.unit.platform.unwrap_or(Platform::LinuxAmd64).rust_target();
    Some(CargoJob {
        project: path.clone(),
        folder: path.clone(),
        targets: vec![target],
        target,
        env: binary.env.clone(),
    })
}

fn builds(jobs: &[Job<'_>], context: &BuildContext) -> Vec<CargoBuild> {
    let rust = || jobs.iter().filter(|job| job.unit.recipe == recipes::RUST);
    let specs: Vec<&BinarySpec> =
        rust().filter_map(|job| job.package.spec::<BinarySpec>()).collect();
    let Some(platform) = rust().find_map(|job| job.unit.platform) else { return Vec::new() };
    let mut env = context.variables("cargo");
    // zig writes it into a Windows executable's header, where the time of the link would stand.
    env.insert("SOURCE_DATE_EPOCH".to_owned(), context.epoch.to_string());
    // All units that are built together have the same variables of their own.
    env.extend(specs.first().map(|spec| spec.env.clone()).unwrap_or_default());
    let setup = CargoSetup {
        cargo: context.tool("cargo"),
        source: context.tree.clone(),
        target_dir: context.target.clone(),
        env,
    };
    cargo_builds(&specs, platform, &setup)
}

fn go(job: &Job<'_>, tree: &dyn Tree, context: &BuildContext) -> Option<Invocation> {
    let spec = job.package.spec::<BinarySpec>()?;
    let BinarySource::Go { path, module } = &spec.source else { return None };
    let platform = job.unit.platform?;
    let mut env = context.variables("go");
    env.extend(spec.env.clone());
    let vendored = matches!(tree.find(&below(module, "vendor/modules.txt")), Found::Text(_));
    let setup = GoSetup {
        go: context.tool("go"),
        source: context.tree.clone(),
        module: module.clone(),
        path: path.clone(),
        out: format!("{}/{}", context.out, file_name(&spec.name, platform)),
        vendored,
        env,
    };
    Some(go_command(&setup, platform))
}
