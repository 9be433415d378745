//! An artifact of `dist/`: its blobs and manifests, what refers to them, its tags.

use std::collections::BTreeMap;
use std::fs;

use format::{BlobBytes, Inspects, PushSource, PushedBlob, PushedManifest};
use hyper::body::Bytes;
use model::{Artifact, Diagnostic, Digest};

use super::{
    Blob, Content, INDEXES, MANIFESTS, MOVING_TAGS, Moves, Planner, Shipment, VERSION_TAGS,
    evidence,
};
use crate::client::Source;
use crate::codes;
use crate::descriptor::Descriptor;
use crate::reference::{Reference, is_tag};

/// Adds all that `artifact` needs; nothing for one that comes with another.
pub(super) fn add(
    planner: &Planner<'_>,
    format: &dyn Inspects,
    artifact: &Artifact,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let Some(push) = format.push(artifact, planner)? else { return Ok(()) };
    let home = planner.home(artifact)?;
    let mut subjects = Vec::new();
    let mut root = None;
    for manifest in push.manifests {
        let about = (manifest.described.clone(), manifest.signed.clone());
        let content = stage(planner, &home, manifest, shipment);
        subjects.push((about, Descriptor::at(&content.media_type, &content.bytes)));
        root = Some(content);
    }
    // An index first: of those that refer to something, it is what people ask for.
    subjects.rotate_right(usize::from(push.takes_further_tags));
    for ((bytes, signed), subject) in &subjects {
        let about = evidence::About { bytes, signed, subject };
        evidence::add(planner, &home, &about, shipment)?;
    }
    let Some(root) = root else { return Ok(()) };
    match push.takes_further_tags {
        true => add_tags(planner, &home, &artifact.version, &root, shipment)?,
        false => shipment.tag(&home, VERSION_TAGS, &home.target(), root, Moves::Never),
    }
    if let Some((tag, manifest)) = push.beside {
        let content = stage(planner, &home, manifest, shipment);
        shipment.tag(&home, MOVING_TAGS, tag, content, Moves::Always);
    }
    shipment.roots.push(home);
    Ok(())
}

/// Adds a manifest and its blobs; gives its bytes.
fn stage(
    planner: &Planner<'_>,
    home: &Reference,
    manifest: PushedManifest,
    shipment: &mut Shipment,
) -> Content {
    let PushedManifest { media_type, bytes, blobs, is_index, .. } = manifest;
    let content = Content { media_type: media_type.to_owned(), bytes: bytes.into() };
    let blobs = blobs.into_iter().map(|blob| of(planner, blob)).collect();
    let step = if is_index { INDEXES } else { MANIFESTS };
    shipment.manifest(home, step, content.clone(), blobs);
    content
}

fn of(planner: &Planner<'_>, blob: PushedBlob) -> Blob {
    let source = match blob.bytes {
        BlobBytes::File(path) => Source::File(planner.path(&path)),
        BlobBytes::Here(bytes) => Source::Bytes(Bytes::from(bytes)),
    };
    Blob { digest: blob.digest, size: blob.size, source }
}

impl PushSource for Planner<'_> {
    fn read(&self, path: &str, digest: &Digest) -> Result<Vec<u8>, Diagnostic> {
        self.read_exactly(path, digest).map(Vec::from)
    }

    fn find(&self, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let there = fs::exists(self.path(path)).unwrap_or(false);
        there.then(|| Self::read(self, path).map(Vec::from)).transpose()
    }

    fn epoch(&self) -> u64 {
        self.manifest.source.epoch
    }
}

fn add_tags(
    planner: &Planner<'_>,
    home: &Reference,
    version: &str,
    content: &Content,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let own = home.target();
    let moves = if planner.may_move(home) { Moves::Always } else { Moves::Never };
    shipment.tag(home, VERSION_TAGS, &own, content.clone(), moves);
    let mut further: BTreeMap<&str, Moves> =
        planner.options.tags.iter().map(|tag| (tag.as_str(), Moves::Always)).collect();
    if Planner::is_stable(version) {
        further.entry("latest").or_insert_with(|| Moves::Forward(version.to_owned()));
    }
    for (tag, moves) in further {
        if !is_tag(tag) {
            let shown: String = tag.chars().take(80).collect();
            let problem = Diagnostic::new(
                &codes::REGISTRY_REFERENCE,
                format!("`{shown}` is not a valid tag"),
            );
            return Err(problem.help("use letters, digits, `_`, `.` and `-`, 128 at most"));
        }
        if tag != own {
            shipment.tag(home, MOVING_TAGS, tag, content.clone(), moves);
        }
    }
    Ok(())
}
