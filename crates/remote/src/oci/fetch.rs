//! Brings what a registry serves into a folder, for others to verify: an image or chart, all below
//! it, and all that refers to it. Every byte is hashed on its way; nothing here judges content.

mod download;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use model::{Diagnostic, Digest};
use serde_json::json;

use super::login::Keychain;
use super::reference::Reference;
use super::registry::{Registry, Served};
use crate::codes;
use crate::drive::each;
use crate::http::Http;
use parts::{Part, Parts};

/// How much is taken from a registry that may be anybody's.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes in all.
    pub bytes: u64,
    /// Manifests below an index.
    pub manifests: usize,
    /// Layers of a manifest.
    pub layers: usize,
    /// What refers to one manifest.
    pub referrers: usize,
}

impl Default for Limits {
    /// Images of a few gigabytes on all platforms there are; Docker stops at 127 layers.
    fn default() -> Self {
        Self { bytes: 16 << 30, manifests: 64, layers: 256, referrers: 256 }
    }
}

/// What was fetched. Paths are of files in the folder, which is an OCI layout (image-spec,
/// "image-layout") whose `index.json` names the root.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// What was asked for, with the digest that it had.
    pub reference: Reference,
    /// The root, then what an index lists, in its order.
    pub manifests: Vec<FetchedManifest>,
}

/// A manifest or index.
#[derive(Debug, Clone)]
pub struct FetchedManifest {
    /// The manifest itself.
    pub file: FetchedFile,
    /// Texts about it.
    pub annotations: BTreeMap<String, String>,
    /// The configuration; none of an index.
    pub config: Option<FetchedFile>,
    /// The layers; none of an index.
    pub layers: Vec<FetchedFile>,
    /// What refers to it. The registry said so, and each says so itself.
    pub referrers: Vec<Referrer>,
}

/// A manifest that refers to another one: evidence, in files.
#[derive(Debug, Clone)]
pub struct Referrer {
    /// The manifest itself.
    pub file: FetchedFile,
    /// What it says it is: `application/spdx+json` and the like.
    pub artifact_type: String,
    /// Texts about it.
    pub annotations: BTreeMap<String, String>,
    /// Its layers.
    pub layers: Vec<FetchedFile>,
}

/// A file that was fetched, with the digest that its bytes have.
#[derive(Debug, Clone)]
pub struct FetchedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What the manifest above it says that it is.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// The file name that the manifest above it gives; empty when it gives none.
    pub title: String,
}

/// Fetches `reference` into `folder`, which is made if need be, several things at a time. Layers
/// in `settled` are not fetched: the registry is asked whether it has them, with this digest and
/// size, and their files stay away. Evidence and configurations are always fetched.
///
/// # Errors
/// `registry-absent` when there is no such thing, `registry-digest` when other bytes than named
/// are served, `registry-limit` when it is above `limits`, `registry-manifest` when a manifest
/// does not parse, and what asking a registry ends with.
pub fn fetch(
    http: &Http,
    keychain: &Keychain,
    reference: &Reference,
    folder: &Path,
    limits: Limits,
    settled: &BTreeSet<Digest>,
) -> Result<Fetched, Diagnostic> {
    let registry = Registry::new(http, &reference.registry, keychain)?;
    let fetcher = Fetcher {
        registry: &registry,
        repository: &reference.repository,
        folder,
        limits,
        settled,
        taken: AtomicU64::new(0),
    };
    fetcher.fetch(reference)
}

/// Requests at a time: most of them are small, and wait for the other side.
const WIDTH: usize = 8;

struct Fetcher<'f, 'h> {
    registry: &'f Registry<'h>,
    repository: &'f str,
    folder: &'f Path,
    limits: Limits,
    settled: &'f BTreeSet<Digest>,
    taken: AtomicU64,
}

/// A manifest or index, and what it names.
struct Document {
    served: Served,
    parts: Parts,
}

impl Fetcher<'_, '_> {
    fn fetch(&self, reference: &Reference) -> Result<Fetched, Diagnostic> {
        fs::create_dir_all(self.blobs()).map_err(|error| self.unwritable(&error))?;
        let target = reference.target();
        let root = self.registry.manifest(self.repository, &target);
        let root = self.registry.http().block_on(root)?.ok_or_else(|| {
            Diagnostic::new(&codes::REGISTRY_ABSENT, format!("there is no `{reference}`"))
                .help("look at the name and the tag; a private package looks absent to strangers")
        })?;
        let parts = Parts::read(&root)?;
        self.within(parts.children.len(), self.limits.manifests, "manifests")?;
        let below = together(&parts.children, |child| self.document(&child.digest))?;
        let root = Document { served: root, parts };
        let reference = Reference { digest: Some(root.served.digest), ..reference.clone() };
        self.write_layout(&reference, &root.served, &root.parts)?;
        let documents: Vec<Document> = std::iter::once(root).chain(below).collect();
        let referrers = self.referrers(&documents)?;
        self.blobs_of(&documents, &referrers)?;
        let manifests = documents.iter().zip(&referrers);
        let manifests = manifests.map(|(document, referrers)| self.fetched(document, referrers));
        Ok(Fetched { reference, manifests: manifests.collect::<Result<_, _>>()? })
    }

    /// What refers to each of `documents`.
    fn referrers(&self, documents: &[Document]) -> Result<Vec<Vec<Document>>, Diagnostic> {
        let listed = together(documents, |document| {
            let listing = self.registry.referrers(self.repository, &document.served.digest);
            self.registry.http().block_on(listing).map(|listing| listing.digests())
        })?;
        for digests in &listed {
            self.within(digests.len(), self.limits.referrers, "referrers")?;
        }
        let pairs = documents.iter().zip(&listed).enumerate();
        let pairs: Vec<(usize, Digest, Digest)> = pairs
            .flat_map(|(at, (document, digests))| {
                digests.iter().map(move |digest| (at, document.served.digest, *digest))
            })
            .collect();
        let found = together(&pairs, |(_, _, digest)| self.document(digest))?;
        let mut referrers: Vec<Vec<Document>> = documents.iter().map(|_| Vec::new()).collect();
        for ((at, subject, _), document) in pairs.iter().zip(found) {
            // Anybody can write the list under the tag; only a manifest itself says what it is of.
            if document.parts.subject == Some(*subject)
                && let Some(own) = referrers.get_mut(*at)
            {
                own.push(document);
            }
        }
        Ok(referrers)
    }

    /// Fetches all that manifests and their referrers point at, the largest first.
    fn blobs_of(
        &self,
        documents: &[Document],
        referrers: &[Vec<Document>],
    ) -> Result<(), Diagnostic> {
        let mut wanted: BTreeMap<Digest, &Part> = BTreeMap::new();
        let mut asked: BTreeMap<Digest, &Part> = BTreeMap::new();
        for document in documents.iter().chain(referrers.iter().flatten()) {
            self.within(document.parts.layers.len(), self.limits.layers, "layers")?;
        }
        for parts in documents.iter().map(|document| &document.parts) {
            wanted.extend(parts.config.iter().map(|part| (part.digest, part)));
            for layer in &parts.layers {
                let settled = self.settled.contains(&layer.digest);
                if settled { &mut asked } else { &mut wanted }.insert(layer.digest, layer);
            }
        }
        let evidence = referrers.iter().flatten().flat_map(|document| &document.parts.layers);
        wanted.extend(evidence.map(|part| (part.digest, part)));
        let mut wanted: Vec<&Part> = wanted.into_values().collect();
        wanted.sort_by_key(|part| std::cmp::Reverse(part.size));
        let asked: Vec<&Part> = asked.into_values().collect();
        let http = self.registry.http();
        together(&asked, |part| http.block_on(self.confirm(part)))?;
        together(&wanted, |part| http.block_on(self.blob(part)))?;
        Ok(())
    }

    fn fetched(
        &self,
        document: &Document,
        referrers: &[Document],
    ) -> Result<FetchedManifest, Diagnostic> {
        let parts = &document.parts;
        let files = |parts: &Parts| parts.layers.iter().map(|layer| self.file(layer)).collect();
        let referrer = |found: &Document| {
            Ok(Referrer {
                file: self.keep(&found.served, &found.parts.media_type)?,
                artifact_type: found.parts.artifact_type.clone(),
                annotations: found.parts.annotations.clone(),
                layers: files(&found.parts),
            })
        };
        Ok(FetchedManifest {
            file: self.keep(&document.served, &parts.media_type)?,
            annotations: parts.annotations.clone(),
            config: parts.config.as_ref().map(|config| self.file(config)),
            layers: files(parts),
            referrers: referrers.iter().map(referrer).collect::<Result<_, Diagnostic>>()?,
        })
    }

    /// A manifest that another one names.
    fn document(&self, digest: &Digest) -> Result<Document, Diagnostic> {
        let target = digest.to_string();
        let served = self.registry.manifest(self.repository, &target);
        let served = self.registry.http().block_on(served)?.ok_or_else(|| self.lacking(digest))?;
        Ok(Document { parts: Parts::read(&served)?, served })
    }

    /// That the registry says it has a layer, with this digest and size.
    async fn confirm(&self, part: &Part) -> Result<(), Diagnostic> {
        let held = self.registry.holds_blob(self.repository, &part.digest, part.size).await?;
        if held { Ok(()) } else { Err(self.lacking(&part.digest)) }
    }

    pub(super) fn lacking(&self, digest: &Digest) -> Diagnostic {
        let message = format!("`{}` names {digest}, but lacks it", self.repository);
        Diagnostic::new(&codes::REGISTRY_ABSENT, message)
            .help("its registry lost a part of it: publish the release again with `--recheck`")
    }

    fn keep(&self, served: &Served, media_type: &str) -> Result<FetchedFile, Diagnostic> {
        let size = served.bytes.len() as u64;
        self.take(size)?;
        let path = self.blobs().join(served.digest.hex());
        fs::write(&path, &served.bytes).map_err(|error| self.unwritable(&error))?;
        let media_type = media_type.to_owned();
        Ok(FetchedFile { path, media_type, digest: served.digest, size, title: String::new() })
    }

    /// Where a blob is once it was fetched.
    fn file(&self, part: &Part) -> FetchedFile {
        FetchedFile {
            path: self.blobs().join(part.digest.hex()),
            media_type: part.media_type.clone(),
            digest: part.digest,
            size: part.size,
            title: part.title(),
        }
    }

    fn write_layout(
        &self,
        reference: &Reference,
        root: &Served,
        parts: &Parts,
    ) -> Result<(), Diagnostic> {
        let name = reference.tag.as_ref();
        let annotations = name.map(|tag| json!({ ::oci::spec::REF_NAME: tag }));
        let mut descriptor = json!({
            "mediaType": parts.media_type, "digest": root.digest, "size": root.bytes.len(),
        });
        if let (Some(annotations), Some(fields)) = (annotations, descriptor.as_object_mut()) {
            fields.insert("annotations".to_owned(), annotations);
        }
        let index = json!({
            "schemaVersion": 2, "mediaType": ::oci::spec::INDEX, "manifests": [descriptor],
        });
        let layout = json!({ "imageLayoutVersion": "1.0.0" });
        for (name, content) in [("index.json", index), ("oci-layout", layout)] {
            fs::write(self.folder.join(name), content.to_string())
                .map_err(|error| self.unwritable(&error))?;
        }
        Ok(())
    }

    fn blobs(&self) -> PathBuf {
        self.folder.join("blobs").join("sha256")
    }

    fn take(&self, bytes: u64) -> Result<(), Diagnostic> {
        let before = self.taken.fetch_add(bytes.min(MAX_TAKEN), Ordering::Relaxed);
        if before.saturating_add(bytes) <= self.limits.bytes {
            return Ok(());
        }
        let message = format!("`{}` is above {} bytes", self.repository, self.limits.bytes);
        Err(Diagnostic::new(&codes::REGISTRY_LIMIT, message))
    }

    fn within(&self, count: usize, limit: usize, what: &str) -> Result<(), Diagnostic> {
        if count <= limit {
            return Ok(());
        }
        let message = format!("`{}` names {count} {what}; {limit} are read", self.repository);
        Err(Diagnostic::new(&codes::REGISTRY_LIMIT, message))
    }

    fn unwritable(&self, error: &std::io::Error) -> Diagnostic {
        let message = format!("cannot write below `{}`: {error}", self.folder.display());
        Diagnostic::new(&codes::REGISTRY_FOLDER, message)
    }
}

/// Does `work` for all, several at a time; the first failure in their order ends it.
fn together<T: Sync, A: Send>(
    all: &[T],
    work: impl Fn(&T) -> Result<A, Diagnostic> + Sync,
) -> Result<Vec<A>, Diagnostic> {
    // What was not begun has no answer; then another one has failed.
    each(all, WIDTH, work).into_iter().flatten().collect()
}

/// What a part counts for at most: sums of what anybody's manifests claim must not wrap around.
const MAX_TAKEN: u64 = 1 << 40;
