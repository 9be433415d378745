//! What is inside of an image that a Dockerfile made, as far as its files tell: base images by
//! digest, this release's own executables, other programs that carry a list of what they were
//! linked from, installed Python distributions, packages of the base's own system.

use std::collections::BTreeMap;

use components::Contents;
use model::limits::MAX_UNPACKED_BYTES;
use model::{Artifact, ArtifactKind, Diagnostic, Digest};
use verify::Dist;

use super::contents;
use crate::Record;
use oci::base_images;

/// Reads what is inside of the image `artifact`.
pub(super) fn of_dockerfile(
    dist: &dyn Dist,
    record: &Record,
    artifact: &Artifact,
) -> Result<Contents, Diagnostic> {
    let mut blobs = BTreeMap::new();
    for file in std::iter::once(&artifact.file).chain(&artifact.files) {
        blobs.insert(file.path.clone(), dist.read(&file.path, MAX_UNPACKED_BYTES)?);
    }
    let borrowed = blobs.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let path = artifact.file.path.as_str();
    let folder = path.split_once("/blobs/").map_or(path, |(folder, _)| folder);
    let manifest = (artifact.file.digest, artifact.file.size);
    let image = oci::read_image(folder, manifest, &borrowed)?;
    let own = own_executables(record, artifact);
    let (mut ours, mut others, mut installed) = (Vec::new(), Vec::new(), Vec::new());
    let files = oci::image_files(&image)?;
    let system = oci::system(&files);
    for (path, bytes) in files {
        if path.ends_with(".dist-info/METADATA") {
            let metadata = pypi::Metadata::parse(bytes, &path);
            installed.extend(metadata.ok().map(|metadata| metadata.headers));
        } else if bytes.starts_with(ELF) {
            let digest = Digest::of(bytes);
            if let Some(other) = own.get(&digest) {
                let inner = contents::contents(dist, record, other)?;
                ours.push((name(record, other), digest, inner));
            } else if let Some(inner) = linked(bytes) {
                others.push((path, digest, inner));
            }
        }
    }
    let mut contents = components::image(&artifact.version, ours);
    contents.merge(components::foreign_files(others));
    contents.merge(components::installed(&installed));
    contents.merge(components::base_images(&base_images(artifact)));
    contents.merge(of_system(&system));
    contents.notes.insert(match system.has_others {
        true => format!("{LISTED}; packages of RPM are not listed"),
        false => LISTED.to_owned(),
    });
    Ok(contents)
}

/// What SBOMs of such images say of themselves.
const LISTED: &str = "listed: base images, programs that carry a list of what they were linked \
                      from, installed Python distributions, packages of dpkg and apk";

/// The packages that an image's own system names.
fn of_system(system: &oci::System) -> Contents {
    let distribution = components::Distribution {
        id: system.id.clone(),
        name: system.name.clone(),
        version: system.version.clone(),
    };
    let packages = system.packages.iter().map(|package| components::Installed {
        kind: match package.list {
            oci::PackageList::Dpkg => "deb",
            oci::PackageList::Apk => "apk",
        },
        name: package.name.clone(),
        version: package.version.clone(),
        arch: package.arch.clone(),
        source: (package.source.clone(), package.source_version.clone()),
        license: package.license.clone(),
    });
    components::system(&distribution, &packages.collect::<Vec<_>>())
}

/// How an executable of Linux starts.
const ELF: &[u8] = b"\x7fELF";

/// What a stranger's program says that it was linked from; nothing where it says nothing, or what
/// nobody can read.
fn linked(bytes: &[u8]) -> Option<Contents> {
    let known = binary::go_build_info(bytes).is_ok_and(|info| info.is_some())
        || binary::audit_data(bytes).is_ok_and(|data| data.is_some());
    if known { contents::executable(bytes).ok() } else { None }
}

/// This release's executables for the image's platform.
fn own_executables<'r>(record: &'r Record, image: &Artifact) -> BTreeMap<Digest, &'r Artifact> {
    let binaries = record
        .artifacts
        .iter()
        .filter(|other| other.kind == ArtifactKind::Binary && other.platform == image.platform);
    binaries.map(|binary| (binary.file.digest, binary)).collect()
}

fn name(record: &Record, binary: &Artifact) -> String {
    let package = record.plan.package(&binary.package);
    let spec = package.and_then(|package| package.binary.as_ref());
    spec.map_or(&binary.package, |spec| &spec.name).clone()
}
