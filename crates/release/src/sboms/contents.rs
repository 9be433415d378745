//! What is inside of an artifact: each format's own facts as an SBOM's contents.

use std::collections::BTreeMap;

use components::{ChartDependency, Contents, GoBuild, GoModule};
use model::limits::MAX_UNPACKED_BYTES;
use model::{Artifact, ArtifactKind, Diagnostic, Digest, Recipe};
use verify::Dist;

use super::{crates, image};
use crate::Record;

/// Reads what is inside of `artifact`.
pub(super) fn contents(
    dist: &dyn Dist,
    record: &Record,
    artifact: &Artifact,
) -> Result<Contents, Diagnostic> {
    let path = artifact.file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    let bytes = || dist.read(path, MAX_UNPACKED_BYTES);
    match artifact.kind {
        kind @ (ArtifactKind::Wheel | ArtifactKind::Sdist | ArtifactKind::Binary) => {
            crates::known(of_file(kind, name, &bytes()?)?, record, artifact)
        }
        kind @ ArtifactKind::Chart => of_file(kind, name, &bytes()?),
        ArtifactKind::Image => image_contents(dist, record, artifact),
        ArtifactKind::ImageIndex => {
            let images = record.artifacts.iter().filter(|other| {
                other.kind == ArtifactKind::Image && other.reference == artifact.reference
            });
            Ok(components::image_index(images))
        }
    }
}

/// Reads what is inside of the file called `name`. Of an image, one file tells nothing.
pub fn of_file(kind: ArtifactKind, name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    match kind {
        ArtifactKind::Wheel => wheel(name, bytes),
        ArtifactKind::Sdist => sdist(name, bytes),
        ArtifactKind::Binary => executable(bytes),
        ArtifactKind::Chart => chart(name, bytes),
        ArtifactKind::Image | ArtifactKind::ImageIndex => {
            Ok(Contents::unknown("an image's contents lie in its layers"))
        }
    }
}

fn wheel(name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    let wheel = pypi::read_wheel(name, bytes)?;
    let mut contents = components::python(&wheel.metadata.headers);
    for (_, document) in wheel.sboms() {
        if let Ok(inner) = components::cyclonedx(document) {
            contents.merge(inner);
        }
    }
    Ok(contents)
}

fn sdist(name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    let sdist = pypi::read_sdist(name, bytes)?;
    let mut contents = components::python(&sdist.metadata.headers);
    crates::add_locked(&mut contents, &sdist);
    Ok(contents)
}

pub(super) fn executable(bytes: &[u8]) -> Result<Contents, Diagnostic> {
    if let Some(build) = binary::go_build_info(bytes)? {
        return components::go(&go(build));
    }
    if let Some(audit) = binary::audit_data(bytes)? {
        let crates: Vec<components::Crate> = audit.packages.into_iter().map(crate_of).collect();
        return components::crates(&crates);
    }
    Ok(Contents::unknown("the executable carries no list of what it was linked from"))
}

fn chart(name: &str, bytes: &[u8]) -> Result<Contents, Diagnostic> {
    let chart = helm::read_chart(name, bytes)?;
    let locked: BTreeMap<&str, &str> = chart
        .lock
        .iter()
        .flat_map(|lock| &lock.dependencies)
        .map(|dependency| (dependency.name.as_str(), dependency.version.as_str()))
        .collect();
    let dependency = |declared: &helm::Dependency| {
        let version = locked.get(declared.name.as_str()).copied().unwrap_or(&declared.version);
        let archive = format!("charts/{}-{version}.tgz", declared.name);
        let inside = chart.files.iter().find(|file| file.path == archive);
        ChartDependency {
            name: declared.name.clone(),
            version: version.to_owned(),
            repository: declared.repository.clone(),
            digest: inside.map(|file| Digest::of(&file.bytes)),
        }
    };
    let dependencies: Vec<ChartDependency> =
        chart.metadata.dependencies.iter().map(dependency).collect();
    let images: Vec<String> = chart.images.iter().map(reference).collect();
    let mut contents = components::chart(&dependencies, &images);
    contents.about.name.clone_from(&chart.metadata.name);
    chart.metadata.license().clone_into(&mut contents.about.license);
    Ok(contents)
}

/// `repository:tag@digest`, without what the chart leaves open.
fn reference(image: &helm::ImageReference) -> String {
    let part = |mark: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!("{mark}{text}") }
    };
    format!("{}{}{}", image.repository, part(":", &image.tag), part("@", &image.digest))
}

/// The executable of a platform's image has been built as a binary of the same package.
fn image_contents(
    dist: &dyn Dist,
    record: &Record,
    artifact: &Artifact,
) -> Result<Contents, Diagnostic> {
    let unit = record.plan.unit(&artifact.unit);
    if unit.is_some_and(|unit| unit.recipe == Recipe::DockerfileImage) {
        return image::of_dockerfile(dist, record, artifact);
    }
    let mut files = Vec::new();
    let binaries = record.artifacts.iter().filter(|other| {
        other.kind == ArtifactKind::Binary
            && other.package == artifact.package
            && other.platform == artifact.platform
    });
    for other in binaries {
        let inner = contents(dist, record, other)?;
        let name = record
            .plan
            .package(&other.package)
            .and_then(|package| package.binary.as_ref())
            .map_or(other.package.clone(), |binary| binary.name.clone());
        files.push((name, other.file.digest, inner));
    }
    Ok(components::image(&artifact.version, files))
}

fn crate_of(package: binary::AuditPackage) -> components::Crate {
    let kind = match package.kind {
        binary::AuditKind::Runtime => components::CrateKind::Runtime,
        binary::AuditKind::Build => components::CrateKind::Build,
    };
    components::Crate {
        name: package.name,
        version: package.version,
        source: package.source,
        kind,
        dependencies: package.dependencies,
        root: package.root,
    }
}

fn go(build: binary::GoBuildInfo) -> GoBuild {
    let module = |module: binary::GoModule| GoModule {
        path: module.path,
        version: module.version,
        sum: module.sum,
        replaces: module.replaces,
    };
    GoBuild {
        toolchain: build.go_version,
        module: build.main.map_or(build.path, |main| main.path),
        dependencies: build.deps.into_iter().map(module).collect(),
    }
}
