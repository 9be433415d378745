//! Artifact Hub's metadata, as it looks for it beside a chart in a registry.

use std::collections::BTreeMap;

use super::documents::{ArtifactManifest, go_json};
use crate::descriptor::{Descriptor, MANIFEST};

/// Media type of Artifact Hub's configuration, which is empty.
pub(crate) const HUB_CONFIG_TYPE: &str = "application/vnd.cncf.artifacthub.config.v1+yaml";
/// Media type of Artifact Hub's metadata.
pub(crate) const HUB_TYPE: &str =
    "application/vnd.cncf.artifacthub.repository-metadata.layer.v1.yaml";
/// The tag under which Artifact Hub looks for it.
pub(crate) const HUB_TAG: &str = "artifacthub.io";
/// The file that holds it.
pub(crate) const HUB_FILE: &str = "artifacthub-repo.yml";

/// The manifest of Artifact Hub's metadata.
pub(crate) fn hub_manifest(config: Descriptor, layer: Descriptor) -> String {
    go_json(&ArtifactManifest {
        schema_version: 2,
        media_type: MANIFEST,
        artifact_type: "",
        config,
        layers: vec![layer],
        subject: None,
        annotations: BTreeMap::new(),
    })
}
