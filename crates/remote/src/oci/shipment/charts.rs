//! A chart of `dist/`, as `helm push` would bring it, what refers to it, and Artifact Hub's
//! metadata beside it.

use std::fs;

use archive::time::Moment;
use hyper::body::Bytes;
use model::{Artifact, Diagnostic, Digest, FileEntry, Location};

use super::{
    Blob, Content, MANIFESTS, MOVING_TAGS, Moves, Planner, Shipment, VERSION_TAGS, evidence,
};
use crate::codes;
use crate::oci::documents::Pointer;
use crate::oci::hub::{HUB_CONFIG_TYPE, HUB_FILE, HUB_TAG, HUB_TYPE, hub_manifest};
use crate::oci::reference::Reference;
use crate::oci::registry::Source;

/// Adds all that the chart `artifact` needs. Its tag never moves.
pub(super) fn add(
    planner: &Planner<'_>,
    artifact: &Artifact,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let home = planner.home(artifact)?;
    let path = &artifact.file.path;
    let bytes = planner.read_exactly(path, &artifact.file.digest)?;
    let chart = helm::read_chart(path, &bytes)?;
    let source = Source::File(planner.path(path));
    let archive = Blob { digest: artifact.file.digest, size: bytes.len() as u64, source };
    let provenance = provenance(planner, path)?;
    let pushed = helm::push(
        &chart.metadata,
        (artifact.file.digest, bytes.len() as u64),
        provenance.as_ref().map(|bytes| (Digest::of(bytes), bytes.len() as u64)),
        &Moment::at(planner.manifest.source.epoch).rfc3339(),
    )?;
    let sealed = artifact.files.first().filter(|_| provenance.is_none());
    let mut blobs = vec![archive, Blob::of(pushed.config)];
    blobs.extend(provenance.map(Blob::of));
    let manifest = Bytes::from(pushed.manifest);
    as_sealed(sealed, &manifest)?;
    let subject = Pointer::at(oci::spec::MANIFEST, &manifest);
    let content = Content { media_type: oci::spec::MANIFEST.to_owned(), bytes: manifest };
    shipment.manifest(&home, MANIFESTS, content.clone(), blobs);
    let about = evidence::About {
        bytes: path,
        signed: sealed.map_or("", |file| file.path.as_str()),
        subject: &subject,
    };
    evidence::add(planner, &home, &about, shipment)?;
    shipment.tag(&home, VERSION_TAGS, &home.target(), content, Moves::Never);
    if let Some(metadata) = chart.files.into_iter().find(|file| file.path == HUB_FILE) {
        add_hub(&home, metadata.bytes.into(), shipment);
    }
    shipment.roots.push(home);
    Ok(())
}

/// Helm's own provenance file beside the chart, where there is one.
fn provenance(planner: &Planner<'_>, path: &str) -> Result<Option<Bytes>, Diagnostic> {
    let provenance = format!("{path}.prov");
    let there = fs::exists(planner.path(&provenance)).unwrap_or(false);
    there.then(|| planner.read(&provenance)).transpose()
}

/// That the manifest is the one that was sealed, and so signed.
fn as_sealed(sealed: Option<&FileEntry>, manifest: &Bytes) -> Result<(), Diagnostic> {
    let (Some(sealed), found) = (sealed, Digest::of(manifest)) else { return Ok(()) };
    if sealed.digest == found {
        return Ok(());
    }
    let message = format!("`{}` is {}; the chart's own is {found}", sealed.path, sealed.digest);
    Err(Diagnostic::new(&codes::REGISTRY_SOURCE, message)
        .at(Location::file(&sealed.path))
        .help("it was sealed by another version of this program: build the release again"))
}

fn add_hub(home: &Reference, metadata: Bytes, shipment: &mut Shipment) {
    let config = Pointer::at(HUB_CONFIG_TYPE, b"");
    let manifest = hub_manifest(config, Pointer::at(HUB_TYPE, &metadata));
    let blobs = vec![Blob::of(Bytes::new()), Blob::of(metadata)];
    let media_type = oci::spec::MANIFEST.to_owned();
    let content = Content { media_type, bytes: manifest.into() };
    shipment.manifest(home, MANIFESTS, content.clone(), blobs);
    shipment.tag(home, MOVING_TAGS, HUB_TAG, content, Moves::Always);
}
