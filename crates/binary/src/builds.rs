//! The format as a build sees it.

use crate::{BinarySource, BinarySpec};
use archive::time::Moment;
use archive::{Entry, LayerCompressor};
use format::{
    BuildContext, Builds, CargoJob, Demand, Ingredients, Job, Needs, OfferKind, Offered, Product,
    below, no_error, only_output,
};
use manifests::Manifests;
use manifests::go::GoTarget;
use model::{
    Artifact, ArtifactKind, Diagnostic, Format, Found, Invocation, Package, Platform, Tree, Unit,
};

use crate::advice::{advice, demand};
use crate::cargo::{CargoBuild, CargoSetup, cargo_builds};
use crate::go::{GoSetup, go_command};
use crate::ldflags::{self, Stamp};
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
        let is_go = job.unit.recipe == recipes::GO;
        Needs {
            tools: tools.to_vec(),
            staged: true,
            project: project(job).to_owned(),
            stamps: is_go,
            tags: if is_go { module_tag(job).into_iter().collect() } else { Vec::new() },
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

    fn demand(&self, job: &Job<'_>, tree: &dyn Tree) -> Option<Demand> {
        demand(&job.package.spec::<BinarySpec>()?.source, &Manifests::new(tree))
    }

    fn advice(&self, job: &Job<'_>, words: &str) -> Option<String> {
        advice(job.unit, words)
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
    let BinarySource::Rust { path, features, no_default_features, .. } = &binary.source else {
        return None;
    };
    let target = job.unit.platform.unwrap_or(Platform::LinuxAmd64).rust_target();
    Some(CargoJob {
        project: path.clone(),
        folder: path.clone(),
        targets: vec![target],
        target,
        env: binary.env.clone(),
        features: features.clone(),
        no_default_features: *no_default_features,
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
    let BinarySource::Go { path, module, ldflags, tags } = &spec.source else { return None };
    let platform = job.unit.platform?;
    let mut env = context.variables("go");
    env.extend(spec.env.clone());
    let vendored = matches!(tree.find(&below(module, "vendor/modules.txt")), Found::Text(_));
    let flags = match ldflags {
        Some(flags) => flags.clone(),
        None => default_flags(tree, path, GoTarget { platform, tags }),
    };
    let setup = GoSetup {
        go: context.tool("go"),
        source: context.tree.clone(),
        module: module.clone(),
        path: path.clone(),
        out: format!("{}/{}", context.out, file_name(&spec.name, platform)),
        vendored,
        ldflags: stamp(job, context).fill(&flags),
        tags: tags.clone(),
        stamped: !context.commit.is_empty(),
        env,
    };
    Some(go_command(&setup, platform))
}

/// What the program is told of its release.
fn stamp(job: &Job<'_>, context: &BuildContext) -> Stamp {
    let date = || Moment::at(context.epoch).rfc3339();
    Stamp {
        version: job.unit.version.clone(),
        commit: context.commit.clone(),
        date: if context.commit.is_empty() { String::new() } else { date() },
    }
}

/// The flags that set what the main package in `folder` has for its version, commit and date.
fn default_flags(tree: &dyn Tree, folder: &str, target: GoTarget<'_>) -> String {
    let sources = Manifests::new(tree).go_sources(folder);
    let built = sources.iter().filter(|source| source.is_for(target));
    let texts: Vec<&str> = built.flat_map(|source| &source.texts).map(String::as_str).collect();
    ldflags::default_flags(&texts)
}

/// The tag by which Go knows the version of a job's module: with the module's folder in front, but
/// for one that is there for a major version (Go Modules Reference, "Mapping versions to commits").
fn module_tag(job: &Job<'_>) -> Option<String> {
    let module = project(job);
    let version = job.release.version.semver().ok()?;
    let major = format!("v{}", version.split('.').next().unwrap_or_default());
    let folder = match module.rsplit_once('/') {
        Some((folder, last)) if last == major => folder,
        None if module == major || module == "." => "",
        _ => module,
    };
    Some(below(if folder.is_empty() { "." } else { folder }, &format!("v{version}")))
}
