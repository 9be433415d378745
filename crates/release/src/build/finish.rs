//! From a job's outputs to artifacts: packed by us or packed again, read back, measured.

use archive::Entry;
use components::BaseImage;
use model::{
    Artifact, ArtifactKind, Diagnostic, Digest, FileEntry, ImageSpec, Package, Plan, Platform,
    Recipe, Unit,
};
use oci::LayerCompressor;
use oci::spec::Descriptor;
use plan::fits;

use super::commands::{image_archive, image_metadata};
use super::{Ingredients, Product, base_images};
use crate::codes;

/// Turns what the commands of `unit` left, or what it needs, into its artifacts.
///
/// # Errors
/// When an output is missing, is not what its name says, or cannot be packed.
pub fn finish(
    plan: &Plan,
    unit: &Unit,
    ingredients: Ingredients<'_>,
    compressor: &dyn LayerCompressor,
) -> Result<Product, Diagnostic> {
    let package = plan.package(&unit.package).ok_or_else(|| {
        Diagnostic::new(&codes::PLAN_PACKAGE, format!("the plan has no package `{}`", unit.package))
    })?;
    match unit.recipe {
        Recipe::PythonProject | Recipe::PythonSdist | Recipe::PythonWheel => {
            python(unit, package, ingredients)
        }
        Recipe::PythonMeta => {
            let files = pypi::meta_package(package, &plan.release, ingredients.epoch)?;
            let product = files.into_iter().map(|(name, bytes)| archive(unit, &name, bytes, &[]));
            Ok(joined(product.collect::<Result<Vec<_>, _>>()?))
        }
        Recipe::GoBinary | Recipe::RustBinary => executable(unit, ingredients),
        Recipe::BinaryImage => image(plan, unit, package, &ingredients, compressor),
        Recipe::ImageIndex => index(plan, unit, package, &ingredients),
        Recipe::Chart => chart(unit, package, ingredients),
        Recipe::DockerfileImage => dockerfile_image(unit, package, &ingredients),
    }
}

/// The archives that a backend left, each matched with a pattern of the plan, packed again unless
/// the package says otherwise.
fn python(unit: &Unit, package: &Package, from: Ingredients<'_>) -> Result<Product, Diagnostic> {
    let repack = package.python.as_ref().is_none_or(|python| python.repack);
    let mut products = Vec::new();
    for pattern in &unit.files {
        if let Some(problem) = machine_wheel(unit, pattern, &from.outputs) {
            return Err(problem);
        }
        let output = only_output(unit, pattern, &from.outputs)?;
        let is_wheel = output.path.ends_with(".whl");
        let (bytes, notes): (Vec<u8>, &[&str]) = match (repack, is_wheel) {
            (true, true) => (pypi::repack_wheel(&output.bytes, from.epoch)?, &[REPACKED]),
            (true, false) => (pypi::repack_sdist(&output.bytes, from.epoch)?, &[REPACKED]),
            (false, _) => (output.bytes.clone(), &[]),
        };
        products.push(archive(unit, &output.path, bytes, notes)?);
    }
    Ok(joined(products))
}

/// A wheel of a project that is built as a pure one, and compiled code for this machine.
fn machine_wheel(unit: &Unit, pattern: &str, outputs: &[Entry]) -> Option<Diagnostic> {
    if unit.recipe != Recipe::PythonProject || !pattern.ends_with("-any.whl") {
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

fn archive(unit: &Unit, name: &str, bytes: Vec<u8>, notes: &[&str]) -> Result<Product, Diagnostic> {
    let (kind, problems) = if name.ends_with(".whl") {
        pypi::read_wheel(name, &bytes)?;
        (ArtifactKind::Wheel, pypi::lint_wheel(name, &bytes))
    } else {
        pypi::read_sdist(name, &bytes)?;
        (ArtifactKind::Sdist, pypi::lint_sdist(name, &bytes))
    };
    let mut notes: Vec<String> = notes.iter().map(|note| (*note).to_owned()).collect();
    notes.extend(problems.iter().map(|problem| match problem.severity {
        model::Severity::Error => format!("the index would refuse it: {}", problem.message),
        model::Severity::Warning => format!("{}: {}", problem.code, problem.message),
    }));
    let path = format!("pypi/{name}");
    Ok(single(unit, kind, &path, bytes, false, notes))
}

fn executable(unit: &Unit, from: Ingredients<'_>) -> Result<Product, Diagnostic> {
    let pattern = unit.files.first().map_or("", String::as_str);
    let output = only_output(unit, pattern, &from.outputs)?;
    let read = binary::read_binary(&output.bytes)?;
    let wrong = unit.platform.map(|platform| binary::check(&read, platform));
    if let Some(problem) = wrong.into_iter().flatten().find(is_error) {
        return Err(problem);
    }
    Ok(single(unit, ArtifactKind::Binary, pattern, output.bytes.clone(), true, Vec::new()))
}

fn chart(unit: &Unit, package: &Package, from: Ingredients<'_>) -> Result<Product, Diagnostic> {
    let Some(spec) = &package.chart else { return Err(no_spec(unit)) };
    if let Some(problem) = helm::lint_chart(&from.sources, spec).into_iter().find(is_error) {
        return Err(problem);
    }
    let (name, bytes) = helm::pack_chart(from.sources, spec, from.epoch)?;
    let read = helm::read_chart(&name, &bytes)?;
    let created = archive::time::Moment::at(from.epoch).rfc3339();
    let packed = (Digest::of(&bytes), bytes.len() as u64);
    let manifest = helm::push(&read.metadata, packed, None, &created)?.manifest;
    let notes =
        if read.metadata.is_library() { vec![helm::LIBRARY_NOTE.to_owned()] } else { vec![] };
    let mut product =
        single(unit, ArtifactKind::Chart, &format!("helm/{name}"), bytes, false, notes);
    // What a registry will know the chart by, so that it can be signed.
    let stem = name.strip_suffix(".tgz").unwrap_or(&name);
    add(&mut product, format!("helm/{stem}.manifest.json"), manifest.into_bytes());
    refer(&mut product, &spec.reference);
    Ok(product)
}

fn image(
    plan: &Plan,
    unit: &Unit,
    package: &Package,
    from: &Ingredients<'_>,
    compressor: &dyn LayerCompressor,
) -> Result<Product, Diagnostic> {
    let (Some(image), Some(platform)) = (&package.image, unit.platform) else {
        return Err(no_spec(unit));
    };
    let needed = from.needed.iter().find(|(artifact, _)| artifact.platform == Some(platform));
    let (_, files) = needed.ok_or_else(|| no_spec(unit))?;
    let binary = files.values().next().ok_or_else(|| no_spec(unit))?;
    let name = package.binary.as_ref().map_or(&*package.name, |binary| &*binary.name);
    let about = about(plan, package, image, from);
    let input = oci::ImageInput { about, platform, binary_name: name, binary };
    Ok(image_product(unit, image, oci::pack_image(&input, compressor)?))
}

/// What `docker buildx` built, once it was read with suspicion.
fn dockerfile_image(
    unit: &Unit,
    package: &Package,
    from: &Ingredients<'_>,
) -> Result<Product, Diagnostic> {
    let (Some(image), Some(platform)) = (&package.image, unit.platform) else {
        return Err(no_spec(unit));
    };
    let output = only_output(unit, &image_archive(&image.name, platform), &from.outputs)?;
    let packed = oci::import_image(&output.path, &output.bytes, platform)?;
    let mut product = image_product(unit, image, packed);
    let metadata = image_metadata(&output.path);
    if let Some(metadata) = from.outputs.iter().find(|output| output.path == metadata) {
        for (purl, digest) in oci::materials(&metadata.bytes)? {
            let note = base_images::note(&BaseImage { purl, digest });
            product.artifacts.iter_mut().for_each(|artifact| artifact.notes.push(note.clone()));
        }
    }
    Ok(product)
}

fn image_product(unit: &Unit, image: &ImageSpec, packed: oci::PackedImage) -> Product {
    let path = |blob: &oci::Blob| oci::blob_path(&image.name, &blob.digest);
    let manifest = path(&packed.manifest);
    let bytes = packed.manifest.bytes;
    let mut product = single(unit, ArtifactKind::Image, &manifest, bytes, false, vec![]);
    for blob in std::iter::once(packed.config).chain(packed.layers) {
        add(&mut product, path(&blob), blob.bytes);
    }
    refer(&mut product, &image.reference);
    product
}

fn index(
    plan: &Plan,
    unit: &Unit,
    package: &Package,
    from: &Ingredients<'_>,
) -> Result<Product, Diagnostic> {
    let Some(image) = &package.image else { return Err(no_spec(unit)) };
    let about = about(plan, package, image, from);
    let images: Vec<Descriptor> = from.needed.iter().map(|(image, _)| descriptor(image)).collect();
    let tag = about.tag()?;
    let index = oci::pack_index(&about, &images)?;
    let path = oci::blob_path(&image.name, &index.digest);
    let bytes = index.bytes.clone();
    let mut product = single(unit, ArtifactKind::ImageIndex, &path, bytes, false, vec![]);
    for (file, bytes) in oci::layout(&image.name, &tag, &index, &[]) {
        if file != path {
            add(&mut product, file, bytes);
        }
    }
    refer(&mut product, &image.reference);
    Ok(product)
}

fn descriptor(image: &Artifact) -> Descriptor {
    Descriptor {
        media_type: oci::spec::MANIFEST.to_owned(),
        digest: image.file.digest,
        size: image.file.size,
        annotations: oci::spec::Texts::new(),
        platform: image.platform.map(Into::into),
    }
}

fn about<'a>(
    plan: &'a Plan,
    package: &'a Package,
    image: &'a model::ImageSpec,
    from: &'a Ingredients<'_>,
) -> oci::About<'a> {
    oci::About {
        package,
        image,
        release: &plan.release,
        revision: (!from.commit.is_empty()).then_some(from.commit.as_str()),
        epoch: from.epoch,
    }
}

fn single(
    unit: &Unit,
    kind: ArtifactKind,
    path: &str,
    bytes: Vec<u8>,
    executable: bool,
    notes: Vec<String>,
) -> Product {
    let artifact = Artifact {
        unit: unit.id.clone(),
        package: unit.package.clone(),
        format: unit.format,
        kind,
        platform: unit.platform,
        version: unit.version.clone(),
        reference: String::new(),
        file: measured(path, &bytes),
        files: Vec::new(),
        notes,
    };
    let file = Entry { path: path.to_owned(), bytes, executable };
    Product { files: vec![file], artifacts: vec![artifact] }
}

/// Adds a further file to a product's one artifact.
fn add(product: &mut Product, path: String, bytes: Vec<u8>) {
    let file = measured(&path, &bytes);
    for artifact in &mut product.artifacts {
        artifact.files.push(file.clone());
        artifact.files.sort();
    }
    product.files.push(Entry { path, bytes, executable: false });
}

fn refer(product: &mut Product, reference: &str) {
    for artifact in &mut product.artifacts {
        reference.clone_into(&mut artifact.reference);
    }
}

fn joined(products: Vec<Product>) -> Product {
    let mut all = Product::default();
    for product in products {
        all.files.extend(product.files);
        all.artifacts.extend(product.artifacts);
    }
    all
}

fn measured(path: &str, bytes: &[u8]) -> FileEntry {
    FileEntry { path: path.to_owned(), size: bytes.len() as u64, digest: Digest::of(bytes) }
}

/// The one output that fits `pattern`, a path in `dist/` in which `*` stands for anything.
fn only_output<'a>(
    unit: &Unit,
    pattern: &str,
    outputs: &'a [Entry],
) -> Result<&'a Entry, Diagnostic> {
    let name = pattern.rsplit('/').next().unwrap_or(pattern);
    let fitting: Vec<&Entry> = outputs.iter().filter(|output| fits(name, &output.path)).collect();
    match fitting.as_slice() {
        [one] => Ok(one),
        none_or_many => {
            let all: Vec<&str> = outputs.iter().map(|output| output.path.as_str()).collect();
            let message = format!(
                "`{}` left {} files that fit `{name}`, expected one; it left: {}",
                unit.id,
                none_or_many.len(),
                if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
            );
            Err(Diagnostic::new(&codes::OUTPUT_MISSING, message))
        }
    }
}

fn is_error(problem: &Diagnostic) -> bool {
    problem.severity == model::Severity::Error
}

fn no_spec(unit: &Unit) -> Diagnostic {
    let platform = unit.platform.map_or("", Platform::as_str);
    let message = format!("`{}` has nothing to be made from {platform}", unit.id);
    Diagnostic::new(&codes::UNIT_EMPTY, message.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_with_compiled_code_is_told_from_a_missing_one() {
        let check = |recipe, output: &str, expected: Option<&str>| {
            let unit = Unit {
                id: model::UnitId("a/pypi".to_owned()),
                package: "a".to_owned(),
                format: model::Format::Pypi,
                platform: None,
                recipe,
                version: "1".to_owned(),
                needs: Vec::new(),
                files: Vec::new(),
            };
            let output = Entry { path: output.to_owned(), bytes: Vec::new(), executable: false };
            let found = machine_wheel(&unit, "pypi/a-1-*-none-any.whl", &[output]);
            assert_eq!(found.map(|problem| problem.code.to_string()).as_deref(), expected);
        };
        let machine = "a-1-cp311-cp311-linux_x86_64.whl";
        check(Recipe::PythonProject, machine, Some("wheel-platform"));
        check(Recipe::PythonProject, "a-1-py3-none-any.whl", None);
        check(Recipe::PythonProject, "a-1.tar.gz", None);
        check(Recipe::PythonWheel, machine, None);
    }
}
