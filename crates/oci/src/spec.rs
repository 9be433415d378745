//! The JSON documents of the OCI image-spec 1.1, and Docker's health check, which the specification
//! does not have. Fields are written in the order of declaration; unknown fields are ignored when
//! read.
//!
//! The types are our own because others lack `Healthcheck` and would lose it, and because a reader
//! that refuses duplicate keys needs its own maps.

use std::collections::BTreeMap;

use model::Digest;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// An image index.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// An image manifest.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// An image configuration.
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
/// A layer: tar, gzipped.
pub const LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// A layer: tar as it is.
pub const LAYER_TAR: &str = "application/vnd.oci.image.layer.v1.tar";
/// The annotation of a layout's index that names a tag (image-spec, "image-layout").
pub const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// Annotations or labels.
pub type Texts = BTreeMap<String, String>;

/// A descriptor (image-spec, "descriptor").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type of the blob.
    pub media_type: String,
    /// Digest of the blob.
    pub digest: Digest,
    /// Bytes of the blob.
    pub size: u64,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique")]
    pub annotations: Texts,
    /// Its platform; for manifests in an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformSpec>,
}

/// The platform of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlatformSpec {
    /// The architecture (`GOARCH`).
    pub architecture: String,
    /// The operating system (`GOOS`).
    pub os: String,
    /// Variant of the processor, such as `v8`; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub variant: String,
}

/// An image index; also a layout's `index.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// Always 2.
    pub schema_version: u32,
    /// Always [`INDEX`]; may be absent in a layout's `index.json`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// Manifests or further indexes.
    pub manifests: Vec<Descriptor>,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique")]
    pub annotations: Texts,
}

/// An image manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Always 2.
    pub schema_version: u32,
    /// [`MANIFEST`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// The configuration.
    pub config: Descriptor,
    /// The layers, lowest first.
    pub layers: Vec<Descriptor>,
    /// Its annotations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique")]
    pub annotations: Texts,
}

/// An image configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// When it was made, RFC 3339; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub created: String,
    /// Its platform.
    #[serde(flatten)]
    pub platform: PlatformSpec,
    /// The runtime configuration.
    #[serde(default)]
    pub config: Run,
    /// The digests of its layers.
    pub rootfs: RootFs,
    /// Its history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<History>,
}

/// The runtime configuration of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Run {
    /// The user: a name or number, perhaps with `:` and a group; empty is root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub user: String,
    /// `9000/tcp` and the like.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "unique")]
    pub exposed_ports: BTreeMap<String, Empty>,
    /// `NAME=value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<String>>,
    /// The entry point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// The default arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cmd: Option<Vec<String>>,
    /// The working directory.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub working_dir: String,
    /// Labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Texts>,
    /// The health check, a field of Docker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
}

/// An object without fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Empty {}

/// Docker's health check; times in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `CMD` and the command, or `CMD-SHELL` and a line, or `NONE`.
    #[serde(default)]
    pub test: Vec<String>,
    /// The time between two checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<u64>,
    /// The time after which a check fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The number of consecutive failures after which it is unhealthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
}

/// The layers of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Digests of the unpacked layers, lowest first.
    pub diff_ids: Vec<Digest>,
}

/// One step of an image's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The time, RFC 3339.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub created: String,
    /// The command.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub created_by: String,
    /// A comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Whether it created no layer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub empty_layer: bool,
}

/// A layout's `oci-layout`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayoutFile {
    /// Always [`LayoutFile::VERSION`].
    pub image_layout_version: String,
}

impl LayoutFile {
    /// The only version.
    pub const VERSION: &str = "1.0.0";
}

impl PlatformSpec {
    /// The usual form: `linux/arm64/v8`.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { architecture, os, variant } = self;
        let slash = if variant.is_empty() { "" } else { "/" };
        format!("{os}/{architecture}{slash}{variant}")
    }
}

impl PlatformSpec {
    /// The platform, if it is one that releases are built for. A variant that all processors of the
    /// architecture have (`v8` of arm64) is ignored.
    #[must_use]
    pub fn known(&self) -> Option<model::Platform> {
        let Self { os, architecture, variant } = self;
        let usual = variant.is_empty() || (architecture == "arm64" && variant == "v8");
        usual.then(|| format!("{os}/{architecture}").parse().ok()).flatten()
    }
}

impl From<model::Platform> for PlatformSpec {
    fn from(platform: model::Platform) -> Self {
        Self {
            architecture: platform.arch().to_owned(),
            os: platform.os().to_owned(),
            variant: String::new(),
        }
    }
}

/// The canonical form: compact JSON in the order of the fields.
pub(crate) fn render<T: Serialize>(document: &T) -> Vec<u8> {
    // These types have a JSON form, so the fallback is never used.
    serde_json::to_vec(document).unwrap_or_default()
}

/// A map without duplicate keys: two readers could pick different values.
fn unique<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: DeserializeOwned,
{
    struct Unique<V>(std::marker::PhantomData<V>);
    impl<'de, V: DeserializeOwned> Visitor<'de> for Unique<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object or null")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((key, value)) = map.next_entry::<String, V>()? {
                if let Some(_first) = found.insert(key, value) {
                    return Err(serde::de::Error::custom("a key appears twice in an object"));
                }
            }
            Ok(found)
        }
    }
    deserializer.deserialize_any(Unique(std::marker::PhantomData))
}
