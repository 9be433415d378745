//! Reads a layout and checks everything: the size and digest of each blob, the digest of each
//! unpacked layer, each platform in index and configuration, and that there are no other files.

mod document;
mod head;
mod layers;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use archive::tar::{self, Member};
use model::{Code, Diagnostic, Digest, Location, Platform};

pub use head::{Head, config_digest, read_head};
use layers::Layers;

use crate::codes;
use crate::spec::{
    CONFIG, Config, Descriptor, INDEX, Index, LAYER_GZIP, LAYER_TAR, LayoutFile, MANIFEST,
    Manifest, PlatformSpec, REF_NAME, Texts,
};

/// A valid layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The entries of `index.json`, in order.
    pub roots: Vec<Root>,
    /// All images below, each once, in the order in which they are found.
    pub images: Vec<Image>,
    /// The entries of the indexes below, in the order in which they are found.
    pub listed: Vec<Descriptor>,
}

/// An entry of `index.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The tag, if it has one.
    pub tag: Option<String>,
    /// The descriptor.
    pub descriptor: Descriptor,
    /// The annotations of the index or manifest itself, shared by all entries that name it.
    pub annotations: Arc<Texts>,
}

/// An image for one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The platform in its configuration.
    pub platform: PlatformSpec,
    /// The manifest's blob.
    pub manifest: Descriptor,
    /// The manifest's annotations.
    pub annotations: Texts,
    /// The configuration's blob.
    pub config_blob: Descriptor,
    /// The configuration.
    pub config: Config,
    /// The layers, lowest first.
    pub layers: Vec<Layer>,
}

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The blob.
    pub blob: Descriptor,
    /// The digest of the unpacked tar archive.
    pub diff_id: Digest,
    /// The unpacked tar archive.
    pub tar: Vec<u8>,
}

impl Image {
    /// The platform, if it is one that releases are built for.
    #[must_use]
    pub fn known_platform(&self) -> Option<Platform> {
        self.platform.known()
    }
}

impl Layer {
    /// Its members; hidden lower files are members called `.wh.…` (image-spec, "whiteouts").
    ///
    /// # Errors
    /// Never for a layer of [`read_layout`], which has read it before.
    pub fn members(&self) -> Result<Vec<Member<'_>>, Diagnostic> {
        tar::members(&self.tar).map_err(|error| error.problem(&self.blob.digest.to_string()))
    }
}

/// Reads the layout in `folder` (`oci/NAME`) from `files`, which are by path in `dist/`. Files
/// outside the folder are not looked at.
///
/// # Errors
/// For the first problem, with the file's path.
pub fn read_layout(folder: &str, files: &BTreeMap<String, &[u8]>) -> Result<Layout, Diagnostic> {
    let mut reader = Reader::new(folder, files);
    let version: LayoutFile =
        document::parse(reader.file("oci-layout")?, &reader.path("oci-layout"))?;
    if version.image_layout_version != LayoutFile::VERSION {
        let message = format!("has the layout version `{}`", version.image_layout_version);
        return Err(reader.wrong("oci-layout", &codes::OCI_LAYOUT_VERSION, message));
    }
    let index: Index = document::parse(reader.file("index.json")?, &reader.path("index.json"))?;
    reader.check_head("index.json", index.schema_version, &index.media_type, INDEX)?;
    if index.manifests.is_empty() {
        return Err(reader.wrong("index.json", &codes::OCI_EMPTY, "points at nothing"));
    }
    let mut layout = Layout { roots: Vec::new(), images: Vec::new(), listed: Vec::new() };
    for descriptor in index.manifests {
        reader.visit(&descriptor, 0, &mut layout)?;
        let seen = reader.seen.get(&descriptor.digest);
        let annotations = seen.map(|seen| Arc::clone(&seen.annotations)).unwrap_or_default();
        let tag = descriptor.annotations.get(REF_NAME).cloned();
        layout.roots.push(Root { tag, descriptor, annotations });
    }
    reader.nothing_else()?;
    Ok(layout)
}

/// Reads the one image whose manifest has this digest and size, from the blobs of a layout.
///
/// # Errors
/// As [`read_layout`]; files of other images are ignored.
pub fn read_image(
    folder: &str,
    manifest: (Digest, u64),
    files: &BTreeMap<String, &[u8]>,
) -> Result<Image, Diagnostic> {
    let mut reader = Reader::new(folder, files);
    let descriptor = manifest_at(manifest);
    let bytes = reader.blob(&descriptor)?;
    reader.image(&descriptor, bytes)
}

fn manifest_at((digest, size): (Digest, u64)) -> Descriptor {
    let media_type = MANIFEST.to_owned();
    Descriptor { media_type, digest, size, annotations: Texts::new(), platform: None }
}

struct Reader<'a> {
    folder: &'a str,
    files: &'a BTreeMap<String, &'a [u8]>,
    used: BTreeSet<String>,
    /// The indexes and manifests that were read, so that each is read once.
    seen: BTreeMap<Digest, Seen>,
    layers: Layers,
}

/// What further entries for the same index or manifest are compared with.
struct Seen {
    media_type: String,
    annotations: Arc<Texts>,
    /// For a manifest, the platform in its configuration.
    platform: Option<PlatformSpec>,
}

impl<'a> Reader<'a> {
    fn new(folder: &'a str, files: &'a BTreeMap<String, &'a [u8]>) -> Self {
        let (used, seen) = (BTreeSet::new(), BTreeMap::new());
        Self { folder, files, used, seen, layers: Layers::default() }
    }

    /// Reads an index or a manifest, and what is below it.
    fn visit(
        &mut self,
        descriptor: &Descriptor,
        depth: usize,
        layout: &mut Layout,
    ) -> Result<(), Diagnostic> {
        let name = blob_name(&descriptor.digest);
        let bytes = self.blob(descriptor)?;
        if let Some(seen) = self.seen.get(&descriptor.digest) {
            if seen.media_type != descriptor.media_type {
                return Err(self.unknown_type(&name, &descriptor.media_type));
            }
            let Some(platform) = &seen.platform else { return Ok(()) };
            return self.check_platform(&name, descriptor, platform);
        }
        let (annotations, platform) = match descriptor.media_type.as_str() {
            INDEX if depth >= MAX_DEPTH => {
                return Err(self.wrong(
                    &name,
                    &codes::OCI_DEPTH,
                    "is an index inside too many others",
                ));
            }
            INDEX => {
                let index: Index = document::parse(bytes, &self.path(&name))?;
                self.check_head(&name, index.schema_version, &index.media_type, INDEX)?;
                for below in &index.manifests {
                    self.visit(below, depth + 1, layout)?;
                }
                layout.listed.extend(index.manifests);
                (index.annotations, None)
            }
            MANIFEST => {
                if layout.images.len() >= MAX_IMAGES {
                    return Err(self.wrong(
                        &name,
                        &codes::OCI_TOO_MANY_IMAGES,
                        "is one image too many",
                    ));
                }
                let image = self.image(descriptor, bytes)?;
                let known = (image.annotations.clone(), Some(image.platform.clone()));
                layout.images.push(image);
                known
            }
            other => return Err(self.unknown_type(&name, other)),
        };
        let media_type = descriptor.media_type.clone();
        let annotations = Arc::new(annotations);
        self.seen.insert(descriptor.digest, Seen { media_type, annotations, platform });
        Ok(())
    }

    fn head(&mut self, descriptor: &Descriptor, bytes: &[u8]) -> Result<Head, Diagnostic> {
        let name = blob_name(&descriptor.digest);
        let manifest: Manifest = document::parse(bytes, &self.path(&name))?;
        self.check_head(&name, manifest.schema_version, &manifest.media_type, MANIFEST)?;
        if manifest.config.media_type != CONFIG {
            return Err(self.unknown_type(&name, &manifest.config.media_type));
        }
        let config_name = blob_name(&manifest.config.digest);
        let config_bytes = self.blob(&manifest.config)?;
        let config: Config = document::parse(config_bytes, &self.path(&config_name))?;
        self.check_platform(&config_name, descriptor, &config.platform)?;
        let diff_ids = &config.rootfs.diff_ids;
        if config.rootfs.kind != "layers" || diff_ids.len() != manifest.layers.len() {
            let (names, layers) = (diff_ids.len(), manifest.layers.len());
            let message = format!("names {names} layers, the manifest {layers}");
            return Err(self.wrong(&config_name, &codes::OCI_DIFF_ID, message));
        }
        if diff_ids.len() > MAX_LAYERS {
            let message = format!("has more than {MAX_LAYERS} layers");
            return Err(self.wrong(&name, &codes::OCI_TOO_MANY_LAYERS, message));
        }
        Ok(Head { manifest, config })
    }

    fn image(&mut self, descriptor: &Descriptor, bytes: &[u8]) -> Result<Image, Diagnostic> {
        let Head { manifest, config } = self.head(descriptor, bytes)?;
        let mut layers = Vec::new();
        for (layer, diff_id) in manifest.layers.iter().zip(&config.rootfs.diff_ids) {
            layers.push(self.layer(layer, *diff_id)?);
        }
        Ok(Image {
            platform: config.platform.clone(),
            manifest: descriptor.clone(),
            annotations: manifest.annotations,
            config_blob: manifest.config,
            config,
            layers,
        })
    }

    fn layer(&mut self, descriptor: &Descriptor, diff_id: Digest) -> Result<Layer, Diagnostic> {
        let name = blob_name(&descriptor.digest);
        let bytes = self.blob(descriptor)?;
        let path = self.path(&name);
        let tar = match descriptor.media_type.as_str() {
            LAYER_GZIP => archive::gzip::read(bytes).map_err(|error| error.problem(&path))?,
            LAYER_TAR => bytes.to_vec(),
            other => return Err(self.unknown_type(&name, other)),
        };
        let (packed, unpacked) = (bytes.len() as u64, tar.len() as u64);
        if let Err(allowed) = self.layers.count(descriptor.digest, packed, unpacked) {
            let message = format!("takes the layers over {allowed} bytes, 50 times their blobs");
            return Err(self.wrong(&name, &codes::OCI_TOO_LARGE, message));
        }
        let found = Digest::of(&tar);
        if found != diff_id {
            let message = format!("unpacks to `{found}`, the configuration says `{diff_id}`");
            return Err(self.wrong(&name, &codes::OCI_DIFF_ID, message));
        }
        tar::members(&tar).map_err(|error| error.problem(&path))?;
        Ok(Layer { blob: descriptor.clone(), diff_id, tar })
    }

    fn check_head(
        &self,
        name: &str,
        schema: u32,
        found: &str,
        expected: &str,
    ) -> Result<(), Diagnostic> {
        if schema != 2 {
            let message = format!("has the schema version {schema}, not 2");
            return Err(self.wrong(name, &codes::OCI_SCHEMA_VERSION, message));
        }
        // The type may be absent: the descriptor has it as well.
        if found.is_empty() || found == expected {
            Ok(())
        } else {
            Err(self.unknown_type(name, found))
        }
    }

    fn check_platform(
        &self,
        name: &str,
        descriptor: &Descriptor,
        found: &PlatformSpec,
    ) -> Result<(), Diagnostic> {
        let Some(expected) = &descriptor.platform else { return Ok(()) };
        let same = expected.os == found.os && expected.architecture == found.architecture;
        let either_silent = expected.variant.is_empty() || found.variant.is_empty();
        if same && (either_silent || expected.variant == found.variant) {
            return Ok(());
        }
        let (found, expected) = (found.text(), expected.text());
        let message = format!("is for `{found}`, the index says `{expected}`");
        Err(self.wrong(name, &codes::OCI_PLATFORM, message))
    }

    /// The blob's bytes, if they have the size and digest of the descriptor.
    fn blob(&mut self, descriptor: &Descriptor) -> Result<&'a [u8], Diagnostic> {
        let name = blob_name(&descriptor.digest);
        let first = !self.used.contains(&self.path(&name));
        let bytes = self.file(&name)?;
        if bytes.len() as u64 != descriptor.size {
            let message = format!("has {} bytes, not {}", bytes.len(), descriptor.size);
            return Err(self.wrong(&name, &codes::OCI_SIZE, message));
        }
        if first {
            let found = Digest::of(bytes);
            if found != descriptor.digest {
                return Err(self.wrong(&name, &codes::OCI_DIGEST, format!("hashes to `{found}`")));
            }
        }
        Ok(bytes)
    }

    fn file(&mut self, name: &str) -> Result<&'a [u8], Diagnostic> {
        let path = self.path(name);
        let bytes = self.files.get(&path).copied();
        let bytes =
            bytes.ok_or_else(|| self.wrong(name, &codes::OCI_MISSING_FILE, "is missing"))?;
        self.used.insert(path);
        Ok(bytes)
    }

    fn nothing_else(&self) -> Result<(), Diagnostic> {
        let inside = format!("{}/", self.folder);
        let paths = self.files.range(inside.clone()..).map(|(path, _)| path);
        let mut paths = paths.take_while(|path| path.starts_with(&inside));
        match paths.find(|path| !self.used.contains(*path)) {
            Some(path) => {
                let message = "belongs to no image of the layout";
                Err(Diagnostic::new(&codes::OCI_EXTRA_FILE, message).at(Location::file(path)))
            }
            None => Ok(()),
        }
    }

    fn unknown_type(&self, name: &str, found: &str) -> Diagnostic {
        let found: String = found.chars().take(100).collect();
        self.wrong(name, &codes::OCI_MEDIA_TYPE, format!("has or names the media type `{found}`"))
    }

    fn wrong(&self, name: &str, code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, message).at(Location::file(self.path(name)))
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

fn blob_name(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

/// The deepest nesting of indexes: registries and engines follow one, the specification has no
/// limit.
const MAX_DEPTH: usize = 3;
/// The most images in one layout: many more than there are platforms.
const MAX_IMAGES: usize = 100;
/// The most layers of one image: the limit of Docker's storage.
const MAX_LAYERS: usize = 127;

#[cfg(test)]
mod tests;
