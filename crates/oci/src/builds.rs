//! The format as a build sees it.

use std::collections::BTreeSet;

use crate::{Base, ImageSpec};
use archive::{Entry, LayerCompressor};
use components::BaseImage;
use format::{
    BuildContext, Builds, ENGINE, GIVEN, Ingredients, Job, Needs, OfferKind, Product,
    nothing_to_build, only_output,
};
use model::{
    Artifact, ArtifactKind, Diagnostic, FileEntry, Format, Invocation, Package, Platform, Tree,
    Unit,
};

use crate::commands::{BuildPaths, commands};
use crate::pack::{Blob, ImageInput, PackedImage, Placed, pack_image};
use crate::plans::dockerfile;
use crate::recipes;
use crate::spec::{Descriptor, MANIFEST, Texts};
use crate::{About, Oci, base_images, blob_path, import_image, layout, materials, pack_index};
use crate::{codes, data};

impl Builds for Oci {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn needs(&self, job: &Job<'_>, _: &dyn Tree) -> Needs {
        match dockerfile(job.package, job.unit) {
            None => Needs {
                project: ".".to_owned(),
                data: data_of(job).to_vec(),
                files: files_of(job),
                ..Needs::default()
            },
            Some(spec) => Needs {
                tools: vec![ENGINE],
                staged: true,
                project: spec.context.clone(),
                given: true,
                git: spec.git,
                secrets: spec.secrets.clone(),
                ..Needs::default()
            },
        }
    }

    fn commands(&self, jobs: &[Job<'_>], _: &dyn Tree, context: &BuildContext) -> Vec<Invocation> {
        jobs.iter().filter_map(|job| engine(job, context)).flatten().collect()
    }

    fn finish(
        &self,
        job: &Job<'_>,
        from: Ingredients<'_>,
        compressor: &dyn LayerCompressor,
    ) -> Result<Product, Diagnostic> {
        let Some(image) = job.package.spec::<ImageSpec>() else {
            return Err(nothing_to_build(job.unit));
        };
        match job.unit.recipe {
            recipes::INDEX => index(job, image, &from),
            recipes::FROM_DOCKERFILE => from_dockerfile(job, image, &from),
            _ => from_binary(job, image, &from, compressor),
        }
    }

    fn read_spec(&self, package: &mut Package) {
        package.specs.read::<ImageSpec>();
    }

    fn kinds(&self, unit: &Unit) -> &'static [ArtifactKind] {
        match unit.recipe {
            recipes::INDEX => &[crate::IMAGE_INDEX],
            _ => &[crate::IMAGE],
        }
    }

    fn reference<'p>(&self, package: &'p Package) -> &'p str {
        package.spec::<ImageSpec>().map_or("", |image| &image.reference)
    }

    fn may_leave(&self, unit: &Unit, file: &FileEntry) -> bool {
        is_blob(unit, file)
    }

    fn may_add(&self, unit: &Unit, _: &Artifact, file: &FileEntry) -> bool {
        is_blob(unit, file) || (unit.recipe == recipes::INDEX && is_about_layout(unit, file))
    }

    /// The file of an image is a folder.
    fn is_all(&self, unit: &Unit, artifacts: &[&Artifact]) -> bool {
        artifacts.len() == unit.files.len()
    }
}

/// The image that `job` packs from a binary.
fn packed<'a>(job: &Job<'a>) -> Option<&'a ImageSpec> {
    job.package.spec::<ImageSpec>().filter(|_| job.unit.recipe == recipes::FROM_BINARY)
}

/// The data that the image needs of others.
fn data_of(job: &Job<'_>) -> &'static [&'static str] {
    match packed(job) {
        Some(image) if image.base == Base::Usual => data::NEEDED,
        _ => &[],
    }
}

/// What the image takes from the tree.
fn files_of(job: &Job<'_>) -> Vec<String> {
    let files = packed(job).into_iter().flat_map(|image| image.files.values().cloned());
    files.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether it is a blob of the unit's layout.
fn is_blob(unit: &Unit, file: &FileEntry) -> bool {
    let name = format!("/blobs/sha256/{}", file.digest.hex());
    unit.files.iter().any(|folder| file.path.strip_prefix(folder) == Some(&name))
}

/// Whether it is one of the two files of a layout that are not blobs.
fn is_about_layout(unit: &Unit, file: &FileEntry) -> bool {
    let about = ["/index.json", "/oci-layout"];
    unit.files
        .iter()
        .any(|folder| file.path.strip_prefix(folder).is_some_and(|rest| about.contains(&rest)))
}

/// The lines for the container engine; nothing for an image that needs none.
fn engine(job: &Job<'_>, context: &BuildContext) -> Option<Vec<Invocation>> {
    dockerfile(job.package, job.unit)?;
    let (image, platform) = (job.package.spec::<ImageSpec>()?, job.unit.platform?);
    let about = about(job, image, context.epoch, &context.commit);
    let archive = format!("{}/{}", context.out, archive_name(&image.name, platform));
    let paths = BuildPaths {
        docker: &context.tool(ENGINE),
        source: &context.tree,
        archive: &archive,
        metadata: &metadata_name(&archive),
        release: &format!("{}/{GIVEN}", context.out),
    };
    let mut commands = commands(&about, platform, &paths).unwrap_or_default();
    for command in &mut commands {
        command.env.extend(context.variables(ENGINE));
    }
    Some(commands)
}

/// The archive that a Dockerfile's build leaves.
fn archive_name(image: &str, platform: Platform) -> String {
    format!("{image}-{platform}.tar")
}

/// The file beside it in which buildx tells what it built from.
fn metadata_name(archive: &str) -> String {
    format!("{archive}.json")
}

fn from_binary(
    job: &Job<'_>,
    image: &ImageSpec,
    from: &Ingredients<'_>,
    compressor: &dyn LayerCompressor,
) -> Result<Product, Diagnostic> {
    let nothing = || nothing_to_build(job.unit);
    let platform = job.unit.platform.ok_or_else(nothing)?;
    let executable = from.needed.iter().find_map(|needed| {
        let offered = needed.offered.filter(|one| one.kind == OfferKind::Executable)?;
        let bytes = needed.files.get(&needed.artifact.file.path)?;
        (needed.artifact.platform == Some(platform)).then_some((offered.name, bytes))
    });
    let (binary_name, binary) = executable.ok_or_else(nothing)?;
    let about = about(job, image, from.epoch, &from.commit);
    let zones = data::zones(&from.data);
    let base = match image.base {
        Base::Usual => Some(data::base(&from.data, &zones)?),
        Base::None => None,
    };
    let files = placed(image, from)?;
    let input = ImageInput { about, platform, binary_name, binary, base, files: &files };
    let packed = pack_image(&input, compressor)?;
    let lowest = packed.layers.first().map(|layer| layer.digest).filter(|_| base.is_some());
    let mut product = product(job.unit, image, packed);
    if let Some(layer) = lowest {
        let notes = data::notes(&from.data, &layer);
        product.artifacts.iter_mut().for_each(|artifact| artifact.notes.extend(notes.clone()));
    }
    Ok(product)
}

/// The files of the tree, where the image has them.
fn placed<'a>(image: &ImageSpec, from: &'a Ingredients<'_>) -> Result<Vec<Placed<'a>>, Diagnostic> {
    let mut files = Vec::new();
    for (to, path) in &image.files {
        let found = from.files.get(path).map(Vec::as_slice).unwrap_or_default();
        if found.is_empty() {
            let message = format!("there is nothing at `{path}` that could go to `{to}`");
            return Err(Diagnostic::new(&codes::IMAGE_FILE, message).help("change `files`"));
        }
        let to = to.trim_start_matches('/');
        for Entry { path, bytes, executable } in found {
            let path = [to, path].into_iter().filter(|part| !part.is_empty());
            let path = path.collect::<Vec<_>>().join("/");
            files.push(Placed { path, bytes, executable: *executable });
        }
    }
    Ok(files)
}

/// What `docker buildx` built, once it was read with suspicion.
fn from_dockerfile(
    job: &Job<'_>,
    image: &ImageSpec,
    from: &Ingredients<'_>,
) -> Result<Product, Diagnostic> {
    let unit = job.unit;
    let platform = unit.platform.ok_or_else(|| nothing_to_build(unit))?;
    let output = only_output(unit, &archive_name(&image.name, platform), &from.outputs)?;
    let packed = import_image(&output.path, &output.bytes, platform)?;
    let mut product = product(unit, image, packed);
    let metadata = metadata_name(&output.path);
    if let Some(metadata) = from.outputs.iter().find(|output| output.path == metadata) {
        for (purl, digest) in materials(&metadata.bytes)? {
            let note = base_images::note(&BaseImage { purl, digest });
            product.artifacts.iter_mut().for_each(|artifact| artifact.notes.push(note.clone()));
        }
    }
    Ok(product)
}

fn product(unit: &Unit, image: &ImageSpec, packed: PackedImage) -> Product {
    let entry = |blob: Blob| archive::Entry::new(blob_path(&image.name, &blob.digest), blob.bytes);
    let manifest = entry(packed.manifest);
    let mut product = Product::of(unit, crate::IMAGE, manifest, Vec::new());
    for blob in std::iter::once(packed.config).chain(packed.layers) {
        let file = entry(blob);
        product.add(file.path, file.bytes);
    }
    product.refer(&image.reference);
    product
}

fn index(job: &Job<'_>, image: &ImageSpec, from: &Ingredients<'_>) -> Result<Product, Diagnostic> {
    let about = about(job, image, from.epoch, &from.commit);
    let images: Vec<Descriptor> =
        from.needed.iter().map(|needed| descriptor(needed.artifact)).collect();
    let tag = about.tag()?;
    let index = pack_index(&about, &images)?;
    let path = blob_path(&image.name, &index.digest);
    let file = archive::Entry::new(path.clone(), index.bytes.clone());
    let mut product = Product::of(job.unit, crate::IMAGE_INDEX, file, Vec::new());
    for (file, bytes) in layout(&image.name, &tag, &index, &[]) {
        if file != path {
            product.add(file, bytes);
        }
    }
    product.refer(&image.reference);
    Ok(product)
}

fn descriptor(image: &Artifact) -> Descriptor {
    Descriptor {
        media_type: MANIFEST.to_owned(),
        digest: image.file.digest,
        size: image.file.size,
        annotations: Texts::new(),
        platform: image.platform.map(Into::into),
    }
}

fn about<'a>(job: &Job<'a>, image: &'a ImageSpec, epoch: u64, commit: &'a str) -> About<'a> {
    About {
        package: job.package,
        image,
        release: job.release,
        revision: (!commit.is_empty()).then_some(commit),
        epoch,
    }
}

#[cfg(test)]
mod tests {
    use crate::{DockerfileSpec, ImageSource};
    use model::{MemoryTree, Platform, UnitId};

    use super::*;
    use crate::pack::tests::{package, release};

    #[test]
    fn only_a_dockerfile_is_given_files_and_secrets() {
        let check = |recipe, tools: &[&str], secrets: &[&str]| {
            let mut package = package();
            let spec = DockerfileSpec { secrets: vec!["S".to_owned()], ..Default::default() };
            let source = ImageSource::Dockerfile(spec);
            package.specs.edit(|image: &mut ImageSpec| image.source = source);
            let unit = Unit {
                id: UnitId::new("a", crate::FORMAT, Some(Platform::LinuxArm64)),
                package: "a".to_owned(),
                format: crate::FORMAT,
                platform: Some(Platform::LinuxArm64),
                recipe,
                version: "1".to_owned(),
                needs: Vec::new(),
                files: Vec::new(),
            };
            let job = Job { unit: &unit, package: &package, release: &release() };
            let needs = Builds::needs(&Oci, &job, &MemoryTree::default());
            assert_eq!((needs.tools.as_slice(), needs.given), (tools, !tools.is_empty()));
            assert_eq!(needs.secrets, secrets);
        };
        check(recipes::FROM_DOCKERFILE, &[ENGINE], &["S"]);
        check(recipes::FROM_BINARY, &[], &[]);
        check(recipes::INDEX, &[], &[]);
    }
}
