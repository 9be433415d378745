//! What a registry gets of an artifact, whatever its format: blobs, manifests and tags as data.

use model::{Diagnostic, Digest};

/// What a registry gets of one artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Its manifests, each after those that it points at. The last one gets the tags.
    pub manifests: Vec<PushedManifest>,
    /// Whether further tags, such as `latest`, point at it.
    pub takes_further_tags: bool,
    /// A manifest of its own under a tag of its own, beside the artifact.
    pub beside: Option<(&'static str, PushedManifest)>,
}

/// A manifest, and the blobs that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedManifest {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The blobs that it names.
    pub blobs: Vec<PushedBlob>,
    /// Whether it points at manifests.
    pub is_index: bool,
    /// The path of the file that an SBOM about it is about.
    pub described: String,
    /// The path of the file whose signature signs it; empty where none is sealed.
    pub signed: String,
}

/// A blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedBlob {
    /// What it hashes to.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub bytes: BlobBytes,
}

/// The bytes of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobBytes {
    /// In the file at this path in `dist/`.
    File(String),
    /// Here.
    Here(Vec<u8>),
}

impl PushedBlob {
    /// The blob with these bytes.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        let (digest, size) = (Digest::of(&bytes), bytes.len() as u64);
        Self { digest, size, bytes: BlobBytes::Here(bytes) }
    }
}

/// The files of a sealed release, for what is pushed of it.
pub trait PushSource {
    /// The file at `path`, with these very bytes.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or was altered since it was sealed.
    fn read(&self, path: &str, digest: &Digest) -> Result<Vec<u8>, Diagnostic>;

    /// The file at `path`, where there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    fn find(&self, path: &str) -> Result<Option<Vec<u8>>, Diagnostic>;

    /// `SOURCE_DATE_EPOCH` of the release.
    fn epoch(&self) -> u64;
}
