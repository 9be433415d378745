//! The format as `verify`, the documents and registries see it.

use std::collections::{BTreeMap, BTreeSet};

use components::{Contents, PurlType, Subject};
use format::{
    Around, BlobBytes, Destination, Downloads, Form, Headings, Inspects, Kind, Push, PushSource,
    PushedBlob, PushedManifest, expect, no_error,
};
use model::limits::{MAX_JSON_BYTES, MAX_UNPACKED_BYTES};
use model::{Artifact, ArtifactKind, Diagnostic, Digest, Dist, Format, Location, Manifest};

use crate::recipes;
use crate::spec::{INDEX, Index, MANIFEST};
use crate::{
    Oci, base_images, blob_path, check_index, check_texts, codes, config_digest, data, guide,
    image_files, lint, read_head, read_image, read_layout, system,
};

const SUBJECT: Subject = Subject { purl: PurlType::Oci, purpose: "CONTAINER" };

static KINDS: [Kind; 2] = [
    Kind { name: crate::IMAGE, form: Form::Manifest, subject: SUBJECT },
    Kind { name: crate::IMAGE_INDEX, form: Form::Index, subject: SUBJECT },
];

impl Inspects for Oci {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn kinds(&self) -> &'static [Kind] {
        &KINDS
    }

    fn headings(&self) -> Headings {
        Headings { short: "Image", long: "Container images" }
    }

    fn destination(&self) -> Destination {
        Destination::Registry
    }

    fn downloads(&self) -> Downloads {
        Downloads::Never
    }

    fn contents(
        &self,
        artifact: &Artifact,
        dist: &dyn Dist,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        match artifact.kind {
            crate::IMAGE => image(artifact, dist)?,
            _ => whole_layout(artifact, dist)?,
        }
        Ok(Vec::new())
    }

    /// One file of an image tells nothing.
    fn inside(&self, _: ArtifactKind, _: &str, _: &[u8]) -> Result<Contents, Diagnostic> {
        Ok(Contents::unknown("an image's contents lie in its layers"))
    }

    fn inside_of(&self, artifact: &Artifact, around: &Around<'_>) -> Result<Contents, Diagnostic> {
        if artifact.kind == crate::IMAGE_INDEX {
            let images = around.artifacts.iter().filter(|other| {
                other.kind == crate::IMAGE && other.reference == artifact.reference
            });
            return Ok(components::image_index(images));
        }
        match around.unit {
            Some(unit) if unit.recipe == recipes::FROM_DOCKERFILE => in_layers(artifact, around),
            _ => packed_here(artifact, around),
        }
    }

    fn guide(&self, manifest: &Manifest) -> Option<String> {
        guide::guide(manifest)
    }

    /// An image comes with its index.
    fn push(
        &self,
        artifact: &Artifact,
        source: &dyn PushSource,
    ) -> Result<Option<Push>, Diagnostic> {
        match artifact.kind {
            crate::IMAGE_INDEX => pushed(artifact, source).map(Some),
            _ => Ok(None),
        }
    }
}

/// What an image says about itself; its layers are looked into with the layout.
fn image(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (folder, name) = image_folder(artifact)?;
    let path = artifact.file.path.as_str();
    let manifest = dist.read(path, MAX_JSON_BYTES)?;
    let config = config_digest(path, &manifest)?;
    let config_path = blob_path(name, &config);
    let config = dist.read(&config_path, MAX_JSON_BYTES)?;
    let files = [(path.to_owned(), &*manifest), (config_path, &*config)].into();
    let head = read_head(folder, (artifact.file.digest, artifact.file.size), &files)?;
    let found = &head.config.platform;
    if found.known() != artifact.platform || artifact.platform.is_none() {
        let expected = artifact.platform.map(|platform| platform.oci()).unwrap_or_default();
        expect("platform", &found.text(), &expected)?;
    }
    let labels = head.config.config.labels.unwrap_or_default();
    check_texts(name, &artifact.version, &head.manifest.annotations)?;
    check_texts(name, &artifact.version, &labels)
}

/// `oci/NAME`, and `NAME`.
fn image_folder(artifact: &Artifact) -> Result<(&str, &str), Diagnostic> {
    let folder = artifact.file.path.split_once("/blobs/").map(|(folder, _)| folder);
    let named = folder.and_then(|folder| Some((folder, folder.strip_prefix("oci/")?)));
    named.ok_or_else(|| Diagnostic::new(&codes::IMAGE_PATH, "does not lie among a layout's blobs"))
}

/// The whole layout that an index stands in: every blob by its digest, none too many.
fn whole_layout(artifact: &Artifact, dist: &dyn Dist) -> Result<(), Diagnostic> {
    let (folder, name) = image_folder(artifact)?;
    let mut files = BTreeMap::new();
    for path in dist.files_in(folder)? {
        let bytes = dist.read(&path, MAX_UNPACKED_BYTES)?;
        files.insert(path, bytes);
    }
    let borrowed = files.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let layout = read_layout(folder, &borrowed)?;
    no_error(lint(folder, &layout))?;
    check_index(name, &artifact.version, &layout)?;
    match layout.roots.as_slice() {
        [root] => {
            expect("index", &root.descriptor.digest.to_string(), &artifact.file.digest.to_string())
        }
        many => expect("number of indexes", &many.len().to_string(), "1"),
    }
}

/// What is inside of an image that was packed here: this release's own executables.
fn packed_here(artifact: &Artifact, around: &Around<'_>) -> Result<Contents, Diagnostic> {
    let mut files = Vec::new();
    for (other, name) in &around.executables {
        if other.package == artifact.package && other.platform == artifact.platform {
            let inner = (around.inside)(other)?;
            files.push(((*name).to_owned(), other.file.digest, inner));
        }
    }
    let mut contents = components::image(&artifact.version, files);
    contents.merge(components::data_packages(&data::packages(artifact)));
    Ok(contents)
}

/// What is inside of an image that a Dockerfile made, as far as its files tell: base images by
/// digest, this release's own executables, other programs that carry a list of what they were
/// linked from, installed distributions, packages of the base's own system.
fn in_layers(artifact: &Artifact, around: &Around<'_>) -> Result<Contents, Diagnostic> {
    let mut blobs = BTreeMap::new();
    for file in std::iter::once(&artifact.file).chain(&artifact.files) {
        blobs.insert(file.path.clone(), around.dist.read(&file.path, MAX_UNPACKED_BYTES)?);
    }
    let borrowed = blobs.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let path = artifact.file.path.as_str();
    let folder = path.split_once("/blobs/").map_or(path, |(folder, _)| folder);
    let manifest = (artifact.file.digest, artifact.file.size);
    let image = read_image(folder, manifest, &borrowed)?;
    let own: BTreeMap<Digest, (&Artifact, &str)> = {
        let here = around.executables.iter().filter(|(one, _)| one.platform == artifact.platform);
        here.map(|(one, name)| (one.file.digest, (*one, *name))).collect()
    };
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    let files = image_files(&image)?;
    let system = system(&files);
    for (path, bytes) in files {
        // No file of another length is one of ours, and hashing all of them would take long.
        let ours_too = own.values().any(|(one, _)| one.file.size == bytes.len() as u64);
        let digest = ours_too.then(|| Digest::of(bytes));
        match digest.and_then(|digest| own.get(&digest)) {
            Some((other, name)) => {
                let inner = (around.inside)(other)?;
                ours.push(((*name).to_owned(), other.file.digest, inner));
            }
            None => others.extend((around.inside_image)(&path, bytes)),
        }
    }
    let mut contents = components::image(&artifact.version, ours);
    others.into_iter().for_each(|other| contents.merge(other));
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
fn of_system(system: &crate::System) -> Contents {
    let distribution = components::Distribution {
        id: system.id.clone(),
        name: system.name.clone(),
        version: system.version.clone(),
    };
    let packages = system.packages.iter().map(|package| components::Installed {
        kind: match package.list {
            crate::PackageList::Dpkg => "deb",
            crate::PackageList::Apk => "apk",
        },
        name: package.name.clone(),
        version: package.version.clone(),
        arch: package.arch.clone(),
        source: (package.source.clone(), package.source_version.clone()),
        license: package.license.clone(),
    });
    components::system(&distribution, &packages.collect::<Vec<_>>())
}

/// The layout's manifests and index, with their blobs.
fn pushed(artifact: &Artifact, source: &dyn PushSource) -> Result<Push, Diagnostic> {
    let path = &artifact.file.path;
    let blobs = path.rsplit_once('/').map(|(folder, _)| folder);
    let blobs = blobs.ok_or_else(|| not_an_image(path, "is not in an image layout"))?;
    let bytes = source.read(path, &artifact.file.digest)?;
    check_size(path, bytes.len())?;
    let index: Index = serde_json::from_slice(&bytes)
        .map_err(|error| not_an_image(path, &format!("does not parse: {error}")))?;
    let mut manifests = Vec::new();
    let mut seen = BTreeSet::new();
    for child in index.manifests.iter().filter(|child| seen.insert(child.digest)) {
        let path = format!("{blobs}/{}", child.digest.hex());
        if child.media_type != MANIFEST {
            let why = format!("lists a `{}`, which no release of ours holds", child.media_type);
            return Err(not_an_image(&path, &why));
        }
        manifests.push(pushed_manifest(blobs, path, &child.digest, source)?);
    }
    manifests.push(PushedManifest {
        media_type: INDEX,
        bytes,
        blobs: Vec::new(),
        is_index: true,
        described: path.clone(),
        signed: path.clone(),
    });
    Ok(Push { manifests, takes_further_tags: true, beside: None })
}

fn pushed_manifest(
    blobs: &str,
    path: String,
    digest: &Digest,
    source: &dyn PushSource,
) -> Result<PushedManifest, Diagnostic> {
    let bytes = source.read(&path, digest)?;
    check_size(&path, bytes.len())?;
    let manifest: crate::spec::Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| not_an_image(&path, &format!("does not parse: {error}")))?;
    let parts = manifest.layers.iter().chain([&manifest.config]);
    let parts = parts.map(|part| PushedBlob {
        digest: part.digest,
        size: part.size,
        bytes: BlobBytes::File(format!("{blobs}/{}", part.digest.hex())),
    });
    Ok(PushedManifest {
        media_type: MANIFEST,
        blobs: parts.collect(),
        bytes,
        is_index: false,
        described: path.clone(),
        signed: path,
    })
}

/// Bytes of a manifest that registries take (distribution-spec, "Pushing Manifests").
const MAX_MANIFEST: usize = 4 << 20;

fn check_size(path: &str, size: usize) -> Result<(), Diagnostic> {
    if size <= MAX_MANIFEST {
        return Ok(());
    }
    Err(not_an_image(path, "is above the 4 MiB of a manifest that registries take"))
}

fn not_an_image(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::IMAGE_SEALED, format!("`{path}` {why}"))
        .at(Location::file(path))
        .help("the folder was altered after it was sealed: build the release again")
}
