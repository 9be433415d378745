//! Brings what a registry serves into a folder, for others to verify: an image or chart, all below
//! it, and all that refers to it. Every byte is hashed on its way; nothing here judges content.

mod download;
mod parts;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use model::{Digest, Problem};
use serde_json::json;

use super::login::Keychain;
use super::reference::Reference;
use super::registry::{Registry, Served};
use crate::http::Http;
use parts::Parts;

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

/// Fetches `reference` into `folder`, which is made if need be.
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
) -> Result<Fetched, Problem> {
    let registry = Registry::new(http, &reference.registry, keychain)?;
    let mut fetcher = Fetcher {
        registry: &registry,
        repository: &reference.repository,
        folder,
        limits,
        taken: 0,
    };
    http.block_on(fetcher.fetch(reference))
}

struct Fetcher<'f, 'h> {
    registry: &'f Registry<'h>,
    repository: &'f str,
    folder: &'f Path,
    limits: Limits,
    taken: u64,
}

impl Fetcher<'_, '_> {
    async fn fetch(&mut self, reference: &Reference) -> Result<Fetched, Problem> {
        fs::create_dir_all(self.blobs()).map_err(|error| self.unwritable(&error))?;
        let root = self.registry.manifest(self.repository, &reference.target()).await?;
        let root = root.ok_or_else(|| {
            Problem::error("registry-absent", format!("there is no `{reference}`"))
                .help("look at the name and the tag; a private package looks absent to strangers")
        })?;
        let parts = Parts::read(&root)?;
        self.within(parts.children.len(), self.limits.manifests, "manifests")?;
        let mut manifests = vec![self.manifest(&root, &parts).await?];
        for child in &parts.children {
            let served = self.served(&child.digest).await?;
            let parts = Parts::read(&served)?;
            manifests.push(self.manifest(&served, &parts).await?);
        }
        let reference = Reference { digest: Some(root.digest), ..reference.clone() };
        self.write_layout(&reference, &root, &parts)?;
        Ok(Fetched { reference, manifests })
    }

    /// A manifest with all that it names and all that refers to it.
    async fn manifest(
        &mut self,
        served: &Served,
        parts: &Parts,
    ) -> Result<FetchedManifest, Problem> {
        let file = self.keep(served, &parts.media_type)?;
        let config = match &parts.config {
            Some(config) => Some(self.blob(config).await?),
            None => None,
        };
        let layers = self.layers(parts).await?;
        let listed = self.registry.referrers(self.repository, &served.digest).await?.digests();
        self.within(listed.len(), self.limits.referrers, "referrers")?;
        let mut referrers = Vec::new();
        for digest in listed {
            let found = self.served(&digest).await?;
            let parts = Parts::read(&found)?;
            // Anybody can write the list under the tag; only a manifest itself says what it is of.
            if parts.subject == Some(served.digest) {
                let file = self.keep(&found, &parts.media_type)?;
                let layers = self.layers(&parts).await?;
                let (artifact_type, annotations) = (parts.artifact_type, parts.annotations);
                referrers.push(Referrer { file, artifact_type, annotations, layers });
            }
        }
        Ok(FetchedManifest { file, config, layers, referrers })
    }

    async fn layers(&mut self, parts: &Parts) -> Result<Vec<FetchedFile>, Problem> {
        self.within(parts.layers.len(), self.limits.layers, "layers")?;
        let mut layers = Vec::new();
        for layer in &parts.layers {
            layers.push(self.blob(layer).await?);
        }
        Ok(layers)
    }

    async fn served(&self, digest: &Digest) -> Result<Served, Problem> {
        let served = self.registry.manifest(self.repository, &digest.to_string()).await?;
        served.ok_or_else(|| {
            let message =
                format!("`{}` names the manifest {digest}, but lacks it", self.repository);
            Problem::error("registry-absent", message)
                .help("its registry lost a part of it: publish the release again")
        })
    }

    fn keep(&mut self, served: &Served, media_type: &str) -> Result<FetchedFile, Problem> {
        let size = served.bytes.len() as u64;
        self.take(size)?;
        let path = self.blobs().join(served.digest.hex());
        fs::write(&path, &served.bytes).map_err(|error| self.unwritable(&error))?;
        let media_type = media_type.to_owned();
        Ok(FetchedFile { path, media_type, digest: served.digest, size, title: String::new() })
    }

    fn write_layout(
        &self,
        reference: &Reference,
        root: &Served,
        parts: &Parts,
    ) -> Result<(), Problem> {
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

    fn take(&mut self, bytes: u64) -> Result<(), Problem> {
        self.taken = self.taken.saturating_add(bytes);
        if self.taken <= self.limits.bytes {
            return Ok(());
        }
        let message = format!("`{}` is above {} bytes", self.repository, self.limits.bytes);
        Err(Problem::error("registry-limit", message))
    }

    fn within(&self, count: usize, limit: usize, what: &str) -> Result<(), Problem> {
        if count <= limit {
            return Ok(());
        }
        let message = format!("`{}` names {count} {what}; {limit} are read", self.repository);
        Err(Problem::error("registry-limit", message))
    }

    fn unwritable(&self, error: &std::io::Error) -> Problem {
        let message = format!("cannot write below `{}`: {error}", self.folder.display());
        Problem::error("registry-folder", message)
    }
}
