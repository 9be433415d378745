//! What a release brings to registries: blobs, manifests, referrers and tags, in their order.
//!
//! What an artifact is made of, its format says ([`format::Push`]); what refers to it is the same
//! for all of them.

mod artifacts;
mod documents;
mod evidence;
mod options;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use model::{Artifact, Diagnostic, Digest, Location, Manifest, Version};
use publish::{Item, Phase};

use crate::client::Source;
use crate::codes;
use crate::descriptor::Descriptor;
use crate::reference::{Reference, is_tag};

pub use options::Options;

/// Something that a registry is to hold.
#[derive(Debug, Clone)]
pub(crate) enum Object {
    /// A blob, and the item of a manifest in the same repository that names it.
    Blob(Source, String),
    /// A manifest under its digest.
    Manifest(Content),
    /// Entries in the list of what refers to the manifest with the item's digest.
    Listing(Vec<Descriptor>),
    /// A tag on a manifest that is there.
    Tag {
        /// The tag.
        tag: String,
        /// What it is to point at.
        content: Content,
        /// When it may be taken from other bytes.
        moves: Moves,
    },
}

/// When a tag may be taken from other bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moves {
    /// Never.
    Never,
    /// Always.
    Always,
    /// When the repository holds no stable release that is newer than this version.
    Forward(String),
}

/// A manifest's bytes and type.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

/// An object and where it goes.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) registry: String,
    pub(crate) repository: String,
    pub(crate) object: Object,
}

/// All of it: the items, and by their names the entries.
#[derive(Debug, Default)]
pub(crate) struct Shipment {
    pub(crate) items: Vec<Item>,
    pub(crate) entries: BTreeMap<String, Entry>,
    /// What people pull afterwards.
    pub(crate) roots: Vec<Reference>,
}

/// Steps within [`Phase::Stage`]: a registry takes a manifest after what it points at.
const BLOBS: u8 = 0;
const MANIFESTS: u8 = 1;
const INDEXES: u8 = 2;
const REFERRERS: u8 = 3;
const LISTINGS: u8 = 4;

/// Steps within [`Phase::Finish`]: `latest` only moves to what has its own tag.
const VERSION_TAGS: u8 = 0;
const MOVING_TAGS: u8 = 1;

/// Bytes of one file that is read into memory whole: manifests, metadata, charts. Helm loads
/// charts of 100 MiB and less.
const MAX_READ: u64 = 128 << 20;

/// Plans what `manifest`'s artifacts in a registry need. Reads their manifests in `dist`, and asks
/// no registry.
pub(crate) fn plan(
    manifest: &Manifest,
    dist: &Path,
    options: &Options<'_>,
) -> Result<Shipment, Diagnostic> {
    let planner = Planner { manifest, dist, options };
    let mut shipment = Shipment::default();
    for format in options.formats {
        let mine = manifest.artifacts.iter().filter(|one| one.format == format.format());
        for artifact in mine {
            artifacts::add(&planner, *format, artifact, &mut shipment)?;
        }
    }
    Ok(shipment)
}

/// A blob that a manifest names.
struct Blob {
    digest: Digest,
    size: u64,
    source: Source,
}

impl Blob {
    fn of(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let (digest, size) = (Digest::of(&bytes), bytes.len() as u64);
        Self { digest, size, source: Source::Bytes(bytes) }
    }
}

/// Something that is published under its own digest.
fn staged(home: &Reference, digest: Digest, step: u8, size: u64) -> Item {
    let name = Reference { tag: None, digest: Some(digest), ..home.clone() }.to_string();
    Item { name, phase: Phase::Stage, step, size, digest }
}

struct Planner<'a> {
    manifest: &'a Manifest,
    dist: &'a Path,
    options: &'a Options<'a>,
}

impl Planner<'_> {
    /// Where an artifact goes, with its version as tag.
    fn home(&self, artifact: &Artifact) -> Result<Reference, Diagnostic> {
        let tag = artifact.version.replace('+', "_");
        let reference = Reference::parse(&artifact.reference)?;
        if !is_tag(&tag) {
            let message = format!("`{tag}` is not a valid tag for `{}`", artifact.reference);
            return Err(Diagnostic::new(&codes::REGISTRY_REFERENCE, message));
        }
        Ok(Reference { tag: Some(tag), ..reference })
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dist.join(path)
    }

    /// A whole file of `dist/`.
    fn read(&self, path: &str) -> Result<Bytes, Diagnostic> {
        let wrong = |why: String| {
            Diagnostic::new(&codes::REGISTRY_SOURCE, format!("`{path}` {why}"))
                .at(Location::file(path))
        };
        let full = self.path(path);
        let size = fs::metadata(&full).map_err(|error| wrong(format!("is unreadable: {error}")))?;
        if size.len() > MAX_READ {
            return Err(wrong("is above what a registry's client reads whole: 128 MiB".to_owned()));
        }
        let bytes = fs::read(&full).map_err(|error| wrong(format!("is unreadable: {error}")))?;
        Ok(bytes.into())
    }

    /// The same with these very bytes.
    fn read_exactly(&self, path: &str, digest: &Digest) -> Result<Bytes, Diagnostic> {
        let bytes = self.read(path)?;
        let found = Digest::of(&bytes);
        if found == *digest {
            return Ok(bytes);
        }
        let message = format!("`{path}` hashes to {found}; the release was sealed with {digest}");
        Err(Diagnostic::new(&codes::REGISTRY_SOURCE, message)
            .at(Location::file(path))
            .help("the folder was altered after it was sealed: build the release again"))
    }

    /// Whether a tag of this version may be taken from other bytes.
    fn may_move(&self, reference: &Reference) -> bool {
        let full = Reference { digest: None, ..reference.clone() }.to_string();
        let tag = reference.tag.clone().unwrap_or_default();
        self.options.move_tags.iter().any(|named| *named == tag || *named == full)
    }

    /// Whether a version is one that `latest` may point at.
    fn is_stable(version: &str) -> bool {
        Version::parse(version).is_ok_and(|version| !version.is_prerelease())
    }
}

impl Shipment {
    /// A manifest, and the blobs that it names.
    fn manifest(&mut self, home: &Reference, step: u8, content: Content, blobs: Vec<Blob>) {
        let size = content.bytes.len() as u64;
        let manifest = staged(home, Digest::of(&content.bytes), step, size);
        for Blob { digest, size, source } in blobs {
            let item = staged(home, digest, BLOBS, size);
            self.push(home, item, Object::Blob(source, manifest.name.clone()));
        }
        self.push(home, manifest, Object::Manifest(content));
    }

    fn listing(&mut self, home: &Reference, subject: Digest, entries: Vec<Descriptor>) {
        let of = Reference { tag: None, digest: Some(subject), ..home.clone() };
        let name = format!("{of} (referrers)");
        let item = Item { name, phase: Phase::Stage, step: LISTINGS, size: 0, digest: subject };
        self.push(home, item, Object::Listing(entries));
    }

    fn tag(&mut self, home: &Reference, step: u8, tag: &str, content: Content, moves: Moves) {
        let named = Reference { tag: Some(tag.to_owned()), digest: None, ..home.clone() };
        let digest = Digest::of(&content.bytes);
        let item = Item { name: named.to_string(), phase: Phase::Finish, step, size: 0, digest };
        self.push(home, item, Object::Tag { tag: tag.to_owned(), content, moves });
    }

    /// Adds an object once: many manifests share blobs.
    fn push(&mut self, home: &Reference, item: Item, object: Object) {
        let entry =
            Entry { registry: home.registry.clone(), repository: home.repository.clone(), object };
        if self.entries.insert(item.name.clone(), entry).is_none() {
            self.items.push(item);
        }
    }
}
