//! A chart of `dist/`, as `helm push` would bring it, and Artifact Hub's metadata beside it.

use std::fs;

use archive::calendar::Moment;
use hyper::body::Bytes;
use model::{Artifact, Problem};

use super::{Content, MANIFESTS, MOVING_TAGS, Planner, Shipment, VERSION_TAGS};
use crate::oci::chart::{
    CHART_TYPE, CONFIG_TYPE, HUB_CONFIG_TYPE, HUB_FILE, HUB_TAG, HUB_TYPE, PROV_TYPE, config,
    hub_manifest, manifest,
};
use crate::oci::documents::Pointer;
use crate::oci::reference::Reference;
use crate::oci::registry::Source;

/// Adds all that the chart `artifact` needs. Its tag never moves.
pub(super) fn add(
    planner: &Planner<'_>,
    artifact: &Artifact,
    shipment: &mut Shipment,
) -> Result<(), Problem> {
    let home = planner.home(artifact)?;
    let path = &artifact.file.path;
    let bytes = planner.read_exactly(path, &artifact.file.digest)?;
    let chart = helm::read_chart(path, &bytes)?;
    let config = Bytes::from(config(&chart.metadata)?);
    let config_pointer = Pointer::at(CONFIG_TYPE, &config);
    shipment.bytes_blob(&home, config);
    let mut layers = vec![Pointer::at(CHART_TYPE, &bytes)];
    let source = Source::File(planner.path(path));
    shipment.blob(&home, artifact.file.digest, bytes.len() as u64, source);
    let provenance = format!("{path}.prov");
    if fs::exists(planner.path(&provenance)).unwrap_or(false) {
        let bytes = planner.read(&provenance)?;
        layers.push(Pointer::at(PROV_TYPE, &bytes));
        shipment.bytes_blob(&home, bytes);
    }
    let created = Moment::at(planner.manifest.source.epoch).rfc3339();
    let manifest = manifest(&chart.metadata, config_pointer, layers, &created);
    let media_type = oci::spec::MANIFEST.to_owned();
    let content = Content { media_type, bytes: manifest.into() };
    shipment.manifest(&home, MANIFESTS, content.clone());
    shipment.tag(&home, VERSION_TAGS, &home.target(), content, false);
    if let Some(metadata) = chart.files.into_iter().find(|file| file.path == HUB_FILE) {
        add_hub(&home, metadata.bytes.into(), shipment);
    }
    shipment.roots.push(home);
    Ok(())
}

fn add_hub(home: &Reference, metadata: Bytes, shipment: &mut Shipment) {
    let config = Pointer::at(HUB_CONFIG_TYPE, b"");
    let manifest = hub_manifest(config, Pointer::at(HUB_TYPE, &metadata));
    shipment.bytes_blob(home, Bytes::new());
    shipment.bytes_blob(home, metadata);
    let media_type = oci::spec::MANIFEST.to_owned();
    let content = Content { media_type, bytes: manifest.into() };
    shipment.manifest(home, MANIFESTS, content.clone());
    shipment.tag(home, MOVING_TAGS, HUB_TAG, content, true);
}
