//! An image of `dist/`: its layout's blobs, manifests and index, what refers to them, its tags.

use std::collections::{BTreeMap, BTreeSet};

use model::{Artifact, Diagnostic, Digest};
use oci::spec::{INDEX, Index, MANIFEST};

use super::{
    Blob, Content, INDEXES, MANIFESTS, MOVING_TAGS, Moves, Planner, Shipment, VERSION_TAGS,
    evidence,
};
use crate::codes;
use crate::oci::documents::Pointer;
use crate::oci::reference::{Reference, is_tag};
use crate::oci::registry::{MAX_MANIFEST, Source};

/// Adds all that the image index `artifact` needs.
pub(super) fn add(
    planner: &Planner<'_>,
    artifact: &Artifact,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let home = planner.home(artifact)?;
    let path = &artifact.file.path;
    let blobs = path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let blobs = blobs.ok_or_else(|| not_an_image(path, "stands in no layout"))?;
    let bytes = planner.read_exactly(path, &artifact.file.digest)?;
    check_size(path, bytes.len())?;
    let index: Index = serde_json::from_slice(&bytes)
        .map_err(|error| not_an_image(path, &format!("does not parse: {error}")))?;
    let mut subjects = vec![(path.clone(), Pointer::at(INDEX, &bytes))];
    let mut seen = BTreeSet::new();
    for child in &index.manifests {
        if !seen.insert(child.digest) {
            continue;
        }
        let path = format!("{blobs}/{}", child.digest.hex());
        if child.media_type != MANIFEST {
            let why = format!("lists a `{}`, which no release of ours holds", child.media_type);
            return Err(not_an_image(&path, &why));
        }
        add_manifest(planner, &home, &blobs, &path, &child.digest, shipment)?;
        subjects.push((path, Pointer::to(MANIFEST, child.digest, child.size)));
    }
    let content = Content { media_type: INDEX.to_owned(), bytes };
    shipment.manifest(&home, INDEXES, content.clone(), Vec::new());
    for (path, subject) in subjects {
        let about = evidence::About { bytes: &path, signed: &path, subject: &subject };
        evidence::add(planner, &home, &about, shipment)?;
    }
    add_tags(planner, &home, &artifact.version, &content, shipment)?;
    shipment.roots.push(home);
    Ok(())
}

fn add_manifest(
    planner: &Planner<'_>,
    home: &Reference,
    blobs: &str,
    path: &str,
    digest: &Digest,
    shipment: &mut Shipment,
) -> Result<(), Diagnostic> {
    let bytes = planner.read_exactly(path, digest)?;
    check_size(path, bytes.len())?;
    let manifest: oci::spec::Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| not_an_image(path, &format!("does not parse: {error}")))?;
    let parts = manifest.layers.iter().chain([&manifest.config]);
    let parts = parts.map(|part| {
        let source = Source::File(planner.path(&format!("{blobs}/{}", part.digest.hex())));
        Blob { digest: part.digest, size: part.size, source }
    });
    let content = Content { media_type: MANIFEST.to_owned(), bytes };
    shipment.manifest(home, MANIFESTS, content, parts.collect());
    Ok(())
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
            let problem =
                Diagnostic::new(&codes::REGISTRY_REFERENCE, format!("`{shown}` is no tag"));
            return Err(problem.help("use letters, digits, `_`, `.` and `-`, 128 at most"));
        }
        if tag != own {
            shipment.tag(home, MOVING_TAGS, tag, content.clone(), moves);
        }
    }
    Ok(())
}

fn check_size(path: &str, size: usize) -> Result<(), Diagnostic> {
    if size as u64 <= MAX_MANIFEST {
        return Ok(());
    }
    Err(not_an_image(path, "is above the 4 MiB of a manifest that registries take"))
}

fn not_an_image(path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&codes::REGISTRY_SOURCE, format!("`{path}` {why}"))
        .at(model::Location::file(path))
        .help("the folder was altered after it was sealed: build the release again")
}
